package tp

// Once returns option for an API that may be given it several times: where one with the
// same key was given before, it does nothing. It is for packages whose features share a
// definition. Keys are compared as those of contexts are, and should have a type of their
// own.
func Once(key any, option Option) Option {
	return optionFunc(func(s *settings) {
		if option == nil || s.once[key] {
			return
		}
		if s.once == nil {
			s.once = map[any]bool{}
		}
		s.once[key] = true
		option.apply(s)
	})
}
