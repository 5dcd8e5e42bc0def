package interop

import (
	"math"

	"github.com/telestruct/telestruct/tp"
)

// Everything has a field for each kind of value that a message can hold.
type Everything struct {
	Flag         *bool                     `tp:"flag!"`
	Count        *int64                    `tp:"count!"`
	Ratio        *float64                  `tp:"ratio!"`
	Text         *string                   `tp:"text!"`
	Data         []byte                    `tp:"data!"`
	Free         any                       `tp:"free!"`
	NullText     tp.Optional[string]       `tp:"nullText!?"`
	NullCount    tp.Optional[int64]        `tp:"nullCount!?"`
	NullData     tp.Optional[[]byte]       `tp:"nullData!?"`
	NullRow      tp.Optional[Row]          `tp:"nullRow!?"`
	Texts        []string                  `tp:"texts!"`
	Gaps         []*int64                  `tp:"gaps!"`
	Blobs        [][]byte                  `tp:"blobs!"`
	Grid         [][]int64                 `tp:"grid!"`
	RatiosByName map[string]float64        `tp:"ratiosByName!"`
	BlobsByName  map[string][]byte         `tp:"blobsByName!"`
	RowsByName   map[string][]Row          `tp:"rowsByName!"`
	NestedByName map[string]map[string]any `tp:"nestedByName!"`
	Shape        Shape                     `tp:"shape!"`
	Shapes       []Shape                   `tp:"shapes!"`
	Row          *Row                      `tp:"row!"`
	Child        *Everything               `tp:"child!"`
	Call         *tp.Link[Divide]          `tp:"call!"`
}

// Row is what long lists have many of.
type Row struct {
	ID    int64    `tp:"id"`
	Name  string   `tp:"name"`
	Note  *string  `tp:"note!"`
	Score *float64 `tp:"score?"`
	Place *Place   `tp:"place!"`
	Tags  []string `tp:"tags"`
}

// Place is part of a row.
type Place struct {
	X float64 `tp:"x"`
	Y float64 `tp:"y"`
}

// Shape is a figure in the plane.
type Shape interface{ area() float64 }

func shapes() tp.Union {
	return tp.UnionOf[Shape](Nothing{}, Circle{}, Rectangle{}, Group{}).Doc("A figure in the plane.")
}

// Nothing is a figure without any points.
type Nothing struct{}

// Circle is given by its radius.
type Circle struct {
	Radius float64 `tp:"radius"`
}

// Rectangle is given by its sides.
type Rectangle struct {
	Width  float64 `tp:"width"`
	Height float64 `tp:"height"`
}

// Group is figures side by side.
type Group struct {
	Shapes []Shape `tp:"shapes"`
}

func (Nothing) area() float64     { return 0 }
func (c Circle) area() float64    { return math.Pi * c.Radius * c.Radius }
func (r Rectangle) area() float64 { return r.Width * r.Height }

func (g Group) area() float64 {
	sum := 0.0
	for _, shape := range g.Shapes {
		sum += shape.area()
	}
	return sum
}
