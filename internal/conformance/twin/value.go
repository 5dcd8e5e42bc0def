package twin

import "github.com/telestruct/telestruct/tp"

// Value has a field for every type expression.
type Value struct {
	Bool        *bool             `tp:"bool!"`
	NullBool    tp.Optional[bool] `tp:"nullBool!?"`
	ArrBool     []bool            `tp:"arrBool!"`
	ArrNullBool []*bool           `tp:"arrNullBool!"`
	ObjBool     map[string]bool   `tp:"objBool!"`
	ObjNullBool map[string]*bool  `tp:"objNullBool!"`

	Int        *int64             `tp:"int!"`
	NullInt    tp.Optional[int64] `tp:"nullInt!?"`
	ArrInt     []int64            `tp:"arrInt!"`
	ArrNullInt []*int64           `tp:"arrNullInt!"`
	ObjInt     map[string]int64   `tp:"objInt!"`
	ObjNullInt map[string]*int64  `tp:"objNullInt!"`

	Num        *float64             `tp:"num!"`
	NullNum    tp.Optional[float64] `tp:"nullNum!?"`
	ArrNum     []float64            `tp:"arrNum!"`
	ArrNullNum []*float64           `tp:"arrNullNum!"`
	ObjNum     map[string]float64   `tp:"objNum!"`
	ObjNullNum map[string]*float64  `tp:"objNullNum!"`

	Str        *string             `tp:"str!"`
	NullStr    tp.Optional[string] `tp:"nullStr!?"`
	ArrStr     []string            `tp:"arrStr!"`
	ArrNullStr []*string           `tp:"arrNullStr!"`
	ObjStr     map[string]string   `tp:"objStr!"`
	ObjNullStr map[string]*string  `tp:"objNullStr!"`

	Any        any              `tp:"any!"`
	NullAny    tp.Optional[any] `tp:"nullAny!?"`
	ArrAny     []any            `tp:"arrAny!"`
	ArrNullAny []*any           `tp:"arrNullAny!"`
	ObjAny     map[string]any   `tp:"objAny!"`
	ObjNullAny map[string]*any  `tp:"objNullAny!"`

	Bytes        []byte              `tp:"bytes!"`
	NullBytes    tp.Optional[[]byte] `tp:"nullBytes!?"`
	ArrBytes     [][]byte            `tp:"arrBytes!"`
	ArrNullBytes []*[]byte           `tp:"arrNullBytes!"`
	ObjBytes     map[string][]byte   `tp:"objBytes!"`
	ObjNullBytes map[string]*[]byte  `tp:"objNullBytes!"`

	Arr    []any                     `tp:"arr!"`
	ArrArr [][]any                   `tp:"arrArr!"`
	ObjArr map[string][]any          `tp:"objArr!"`
	Obj    map[string]any            `tp:"obj!"`
	ArrObj []map[string]any          `tp:"arrObj!"`
	ObjObj map[string]map[string]any `tp:"objObj!"`

	Struct        *ExStruct             `tp:"struct!"`
	NullStruct    tp.Optional[ExStruct] `tp:"nullStruct!?"`
	ArrStruct     []ExStruct            `tp:"arrStruct!"`
	ArrNullStruct []*ExStruct           `tp:"arrNullStruct!"`
	ObjStruct     map[string]ExStruct   `tp:"objStruct!"`
	ObjNullStruct map[string]*ExStruct  `tp:"objNullStruct!"`

	Union        ExUnion              `tp:"union!"`
	NullUnion    tp.Optional[ExUnion] `tp:"nullUnion!?"`
	ArrUnion     []ExUnion            `tp:"arrUnion!"`
	ArrNullUnion []*ExUnion           `tp:"arrNullUnion!"`
	ObjUnion     map[string]ExUnion   `tp:"objUnion!"`
	ObjNullUnion map[string]*ExUnion  `tp:"objNullUnion!"`

	Fn        *tp.Link[Example]             `tp:"fn!"`
	NullFn    tp.Optional[tp.Link[Example]] `tp:"nullFn!?"`
	ArrFn     []tp.Link[Example]            `tp:"arrFn!"`
	ArrNullFn []*tp.Link[Example]           `tp:"arrNullFn!"`
	ObjFn     map[string]tp.Link[Example]   `tp:"objFn!"`
	ObjNullFn map[string]*tp.Link[Example]  `tp:"objNullFn!"`

	Sel        tp.Selection              `tp:"sel!"`
	NullSel    tp.Optional[tp.Selection] `tp:"nullSel!?"`
	ArrSel     []tp.Selection            `tp:"arrSel!"`
	ArrNullSel []*tp.Selection           `tp:"arrNullSel!"`
	ObjSel     map[string]tp.Selection   `tp:"objSel!"`
	ObjNullSel map[string]*tp.Selection  `tp:"objNullSel!"`
}

// ExStruct has a field that must be there and two that need not.
type ExStruct struct {
	Required  bool   `tp:"required"`
	Optional  *bool  `tp:"optional!"`
	Optional2 *int64 `tp:"optional2!"`
}

// ExUnion is [One] or [Two].
type ExUnion interface{ exUnion() }

// One is a tag without fields.
type One struct{}

// Two is a tag with fields.
type Two struct {
	Required bool  `tp:"required"`
	Optional *bool `tp:"optional!"`
}

func (One) exUnion() {}
func (Two) exUnion() {}

// Big has its fields in no order.
type Big struct {
	AF bool `tp:"aF"`
	CF bool `tp:"cF"`
	BF bool `tp:"bF"`
	DF bool `tp:"dF"`
}
