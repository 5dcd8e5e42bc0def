package export

// programsOf returns the files of the programs that a search from a directory
// means by "main": of the one in the directory itself, or else of all. A
// directory that holds another package as well is no program; it has a file
// that is built for itself, such as a generator.
func programsOf(sources []*source) []*source {
	libraries := map[string]bool{}
	for _, s := range sources {
		if s.pkg != "main" {
			libraries[s.dir] = true
		}
	}
	var here, all []*source
	for _, s := range sources {
		if libraries[s.dir] {
			continue
		}
		all = append(all, s)
		if s.dir == "." {
			here = append(here, s)
		}
	}
	if here != nil {
		return here
	}
	return all
}

// sharedTypes lists the types that more than one program declares.
func sharedTypes(programs []*source) []string {
	declaredIn := map[string]string{}
	var shared []string
	for _, s := range programs {
		for _, name := range s.types {
			if dir, ok := declaredIn[name]; ok && dir != s.dir {
				shared = append(shared, name)
			}
			declaredIn[name] = s.dir
		}
	}
	return shared
}
