package schema

import (
	"embed"
	"fmt"
	"slices"
	"sync"
)

// Names of the documents that hold standard definitions (spec section 8.1).
const (
	internalName = "internal_"
	authName     = "auth_"
	mockName     = "mock_"
)

// authKey is the definition that makes a schema one with authentication.
const authKey = "union.Auth_"

//go:embed standard/*.telepact.yaml
var standardFiles embed.FS

// standardSet is a document of standard definitions.
type standardSet struct {
	name string
	root node
	keys map[string]bool
}

// standardSets returns the standard definitions by document name. They are
// parsed once; nobody changes them.
var standardSets = sync.OnceValue(func() map[string]*standardSet {
	files := map[string]string{
		internalName: "internal",
		authName:     "auth",
		mockName:     "mock-internal",
	}
	sets := map[string]*standardSet{}
	for name, file := range files {
		sets[name] = readStandard(name, "standard/"+file+yamlSuffix)
	}
	return sets
})

func readStandard(name, file string) *standardSet {
	text, err := standardFiles.ReadFile(file)
	if err != nil {
		panic(fmt.Sprintf("schema: %v", err)) // the file is part of the program
	}
	s := source{name: file, text: text}
	if err := s.load(); err != nil {
		panic(fmt.Sprintf("schema: %s: %v", file, err))
	}
	keys, _ := providedKeys([]*source{&s})
	return &standardSet{name, s.root, keys}
}

// isStandardOrigin reports whether o is a place in a document of standard
// definitions.
func isStandardOrigin(o Origin) bool {
	return o.Document == internalName || o.Document == authName || o.Document == mockName
}

// isStandard reports whether key is the key of a standard definition.
func isStandard(key string) bool {
	for _, set := range standardSets() {
		if set.keys[key] {
			return true
		}
	}
	return false
}

// MockDocument returns the standard definitions that the schema of a mock
// server has in addition (spec sections 8.4 and 18.1).
func MockDocument() Document {
	return Document{Name: mockName, Text: jsonText(standardSets()[mockName].root.plain())}
}

// withStandard adds the standard definitions that belong to a schema of the
// given sources (spec section 8.4).
func withStandard(sources []*source) []*source {
	keys, known := providedKeys(sources)
	add := func(name string) {
		set := standardSets()[name]
		for key := range set.keys {
			if !known || !keys[key] {
				sources = append(sources, &source{name: name, root: set.root, loaded: true, bundled: true})
				return
			}
		}
	}
	auth := slices.ContainsFunc(sources, func(s *source) bool { return s.root.hasKey(authKey) })
	add(internalName)
	if auth {
		add(authName)
	}
	return sources
}

// providedKeys returns the schema keys of all definitions in sources, and false
// if one of them has none or several.
func providedKeys(sources []*source) (map[string]bool, bool) {
	keys := map[string]bool{}
	for _, s := range sources {
		definitions, _ := s.root.value.([]node)
		for i := range definitions {
			found := 0
			members, _ := definitions[i].value.([]member)
			for _, m := range members {
				if schemaKeyPattern.MatchString(m.key) {
					keys[m.key] = true
					found++
				}
			}
			if found != 1 {
				return nil, false
			}
		}
	}
	return keys, true
}
