package reflectschema

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/telestruct/telestruct/internal/initialism"
)

// ownPackage is the import path of the marker types.
var ownPackage = reflect.TypeFor[Union]().PkgPath()

// typeText names a type as a program with plain imports would write it:
// "calc.Page[calc.Item]", and "tp." for the marker types.
func typeText(t reflect.Type) string {
	if t == nil {
		return "nil"
	}
	if t.Kind() == reflect.Struct && t.Name() == "" && t.NumField() > 0 {
		return "struct{…}" // its text is the whole declaration
	}
	return shortNames(goSpelling.Replace(t.String()))
}

// goSpelling writes types as programs do, where package reflect differs.
var goSpelling = strings.NewReplacer("interface {}", "any", "struct {}", "struct{}", "[]uint8", "[]byte")

// shortNames drops, from every type name in text, the directories of the import
// path and the number that the compiler gives to local types.
func shortNames(text string) string {
	var b strings.Builder
	for text != "" {
		end := strings.IndexAny(text, "[],*(){} ")
		if end < 0 {
			end = len(text)
		}
		name, _, _ := strings.Cut(text[:end], "·")
		name = name[strings.LastIndexByte(name, '/')+1:]
		if marker, ok := strings.CutPrefix(name, "reflectschema."); ok {
			name = "tp." + marker
		}
		b.WriteString(name)
		if end < len(text) {
			b.WriteByte(text[end])
			end++
		}
		text = text[end:]
	}
	return b.String()
}

// fullName names a type with its import path, for telling apart two types of
// the same short name.
func fullName(t reflect.Type) string {
	if t.PkgPath() == "" {
		return typeText(t)
	}
	text := typeText(t)
	return t.PkgPath() + text[strings.IndexByte(text, '.'):]
}

// commentKey is where [Builder.Comments] has the comment of a type.
func commentKey(t reflect.Type) string {
	base, _, _ := strings.Cut(t.Name(), "[")
	return t.PkgPath() + "." + base
}

// functionText shortens a Go function's runtime name to "shop.(*Service).Greet".
func functionText(f Function) string {
	switch {
	case f.GoName == "" && f.Name == "":
		return "a function"
	case f.GoName == "":
		return f.Name
	}
	name := f.GoName[strings.LastIndexByte(f.GoName, '/')+1:]
	return strings.TrimSuffix(name, "-fm")
}

// schemaName returns the name that a Go type gives to its definition or tag: the
// name of its blank field, or its own with the first letter in upper case. Type
// arguments are appended: Page[Item] is PageItem.
func schemaName(t reflect.Type, blank string) (string, *mistake) {
	base, args, _ := strings.Cut(t.Name(), "[")
	if blank != "" {
		base = blank
	}
	name := upperFirst(base)
	if args != "" {
		name += argumentNames(strings.TrimSuffix(args, "]"))
	}
	return name, checkName(name)
}

// checkName reports a name that cannot stand in a document (spec section 8.6),
// and one that is the framework's.
func checkName(name string) *mistake {
	if problem := scanName(name); problem != nil {
		return &mistake{
			found: fmt.Sprintf("%q is no name for a schema, which has ASCII letters, digits and \"_\" only", name),
			fix:   "name it with a blank field such as _ struct{} `tp:\"Item\"`",
		}
	}
	return checkReserved(name)
}

// checkKey reports a schema key that does not begin with prefix, or goes on with
// what is no name.
func checkKey(key, prefix string) *mistake {
	name, ok := strings.CutPrefix(key, prefix)
	if ok && isIdentifier(name) {
		return checkReserved(key)
	}
	return misspelt(key, prefix)
}

// checkRawKey is checkKey for a function that a document defines, which may be one of the
// framework's that not every server has, such as fn.verify_.
func checkRawKey(key string) *mistake {
	if base := strings.TrimRight(key, "_"); base == "fn.ping" || base == "fn.api" {
		return checkKey(key, "fn.")
	}
	if name, ok := strings.CutPrefix(key, "fn."); ok && isIdentifier(name) {
		return nil
	}
	return misspelt(key, "fn.")
}

// misspelt reports a key that is none.
func misspelt(key, prefix string) *mistake {
	near := nearestName(strings.TrimPrefix(key, prefix))
	if near == "" {
		near = "Name"
	}
	if prefix == "fn." {
		near = initialism.Lower(near)
	}
	if key == "" {
		return &mistake{"it has no name", fmt.Sprintf("give it one, such as %q", prefix+near)}
	}
	return &mistake{fmt.Sprintf("%q is not the name of a definition", key), fmt.Sprintf("write %q", prefix+near)}
}

// checkAPIName reports a name that no info.* definition can have.
func checkAPIName(name string) *mistake {
	if checkKey("info."+name, "info.") == nil {
		return nil
	}
	m := &mistake{
		found: fmt.Sprintf("%q is no name for a schema, which has ASCII letters, digits and inner \"_\" only", name),
		fix:   `write one such as tp.NewAPI("Market")`,
	}
	if near := strings.TrimRight(nearestName(name), "_"); near != "" {
		m.fix = fmt.Sprintf("write tp.NewAPI(%q)", near)
	}
	return m
}

func isIdentifier(s string) bool {
	if s == "" || s[0] == '_' || '0' <= s[0] && s[0] <= '9' {
		return false
	}
	for i := range len(s) {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return true
}

// checkReserved reports a name that ends with an underscore.
func checkReserved(name string) *mistake {
	if !strings.HasSuffix(name, "_") {
		return nil
	}
	return &mistake{
		found: fmt.Sprintf("names that end with an underscore are the framework's: %s", name),
		fix:   fmt.Sprintf("use %q", strings.TrimRight(name, "_")),
	}
}

// errorTag turns the name XError into ErrorX.
func errorTag(name string) (string, *mistake) {
	base, ok := strings.CutSuffix(name, "Error")
	meant := withoutErr(name)
	switch {
	case !ok:
		return "", &mistake{
			found: fmt.Sprintf("the name of an error type ends with Error, not %s", name),
			fix:   fmt.Sprintf("call it %sError, or name its tag with a blank field: _ struct{} `tp:\"Error%s\"`", meant, meant),
		}
	case base == "":
		return "", &mistake{
			found: "the name Error says nothing about the error",
			fix:   "call it QuotaError, for the tag ErrorQuota",
		}
	}
	return "Error" + base, nil
}

// withoutErr returns what is left of an error's name without the marks that
// other conventions put at its beginning or end: Local for LocalErr, ErrLocal
// and ErrorLocal.
func withoutErr(name string) string {
	for _, mark := range []string{"Error", "Err"} {
		if rest := strings.TrimPrefix(name, mark); rest != "" && isUpper(rest[0]) {
			name = rest
		}
	}
	if rest := strings.TrimSuffix(name, "Err"); rest != "" {
		return rest
	}
	return name
}

// argumentNames joins the names of the type arguments in text, which reflection
// gives as import/path.Name, separated by commas: []a.Item is ListItem.
func argumentNames(text string) string {
	var b strings.Builder
	text = strings.ReplaceAll(goSpelling.Replace(text), "[]", "[list]")
	names := strings.FieldsFunc(shortNames(text), func(r rune) bool {
		return strings.ContainsRune("[],*(){} ", r)
	})
	for _, name := range names {
		b.WriteString(upperFirst(name[strings.LastIndexByte(name, '.')+1:]))
	}
	return b.String()
}

// suggestKey returns the wire name that a Go field would naturally have: ID is
// id, UserID userId, URLPath urlPath. It returns "" when there is none.
func suggestKey(field string) string {
	if !isASCII(field) {
		return ""
	}
	name := []byte(field)
	for i, c := range name {
		inside := i > 0 && isUpper(c) && isUpper(field[i-1])
		if inside && (i+1 == len(name) || !isLower(field[i+1])) {
			name[i] = c + 'a' - 'A'
		}
	}
	return initialism.Lower(nameBytes(string(name)))
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
