package schema

// checkHeaders reports headers that two definitions have on the same side (spec
// sections 8.9 and 8.10).
func (b *builder) checkHeaders() {
	request, response := map[string]*Field{}, map[string]*Field{}
	for _, e := range b.entries {
		if def, ok := e.def.(*Headers); ok {
			b.claim(request, def.Request)
			b.claim(response, def.Response)
		}
	}
}

func (b *builder) claim(taken map[string]*Field, fields []*Field) {
	for _, f := range fields {
		if earlier, ok := taken[f.Name]; ok {
			b.failed.collision(f.Origin, earlier.Origin)
			continue
		}
		taken[f.Name] = f
	}
}
