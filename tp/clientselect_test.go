package tp_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
)

type Drawing struct {
	Title  string   `tp:"title"`
	Author *string  `tp:"author!"`
	Shapes []Shape  `tp:"shapes"`
	Frames []*Frame `tp:"frames"`
}

type Frame struct {
	Width  int   `tp:"width"`
	Height int   `tp:"height"`
	Inner  Shape `tp:"inner"`
}

type Draw struct{}

func drawingAPI() *tp.API {
	api := tp.NewAPI("", tp.Types(tp.UnionOf[Shape](Circle{}, Square{})))
	tp.RegisterOn(api, func(context.Context, Draw) (*Drawing, error) {
		return &Drawing{"t", new("a"), []Shape{Circle{1}, Square{2}}, []*Frame{nil, {3, 4, Square{5}}}}, nil
	}, tp.Name("fn.draw"))
	return api
}

func TestSelect(t *testing.T) {
	t.Parallel()
	example := tp.Select[Drawing]("title")
	tests := []struct {
		name   string
		option tp.SelectOption
		header string
		want   *Drawing
	}{
		{"fields", example, `{"->":{"Ok_":["title"]}}`, &Drawing{Title: "t"}},
		{"optional field", tp.Select[Drawing]("author!"), `{"->":{"Ok_":["author!"]}}`, &Drawing{Author: new("a")}},
		{"struct", tp.Select[Drawing]("frames").Of(Frame{}, "width"), `{"->":{"Ok_":["frames"]},"struct.Frame":["width"]}`,
			&Drawing{Frames: []*Frame{nil, {Width: 3}}}},
		{"struct and tag", tp.Select[Drawing]("frames", "shapes").Of(&Frame{}, "height", "inner").Tag(Circle{}, "radius").Tag(&Square{}, "side"),
			`{"->":{"Ok_":["frames","shapes"]},"struct.Frame":["height","inner"],"union.Shape":{"Circle":["radius"],"Square":["side"]}}`,
			&Drawing{Shapes: []Shape{Circle{1}, Square{2}}, Frames: []*Frame{nil, {Height: 4, Inner: Square{5}}}}},
		{"nothing", tp.Select[Drawing]().Of(Frame{}).Tag(Circle{}), `{}`,
			&Drawing{"t", new("a"), []Shape{Circle{1}, Square{2}}, []*Frame{nil, {3, 4, Square{5}}}}},
		{"first one again", example, `{"->":{"Ok_":["title"]}}`, &Drawing{Title: "t"}},
	}
	srv := build(t, drawingAPI())
	for _, tc := range tests {
		for _, way := range speaking {
			tap := &wiretap{srv: srv, binary: way.binary}
			options := append([]tp.ClientOption{tp.Types(tp.UnionOf[Shape](Circle{}, Square{}))}, way.options...)
			got, err := tp.Call[Drawing](t.Context(), tp.NewClient(tap, options...), &Draw{}, tc.option)
			if err != nil {
				t.Errorf("%s, %s: %v", tc.name, way.name, err)
				continue
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s, %s: result differs (-want +got):\n%s", tc.name, way.name, diff)
			}
			if want := `"@select_":` + tc.header; !strings.Contains(tap.requests[0], want) {
				t.Errorf("%s, %s: request %s, want %s", tc.name, way.name, tap.requests[0], want)
			}
		}
	}
}

func TestSelectMistakes(t *testing.T) {
	t.Parallel()
	type Größe struct{}
	tests := []struct {
		option tp.SelectOption
		want   string
	}{
		{tp.Select[Greeting]("message"), "tp.Select[tp_test.Greeting] is for another result than tp_test.Drawing, which fn.draw answers"},
		{tp.Select[Drawing]("titel"), `tp.Select: Drawing has no field "titel"; its fields are author!, frames, shapes, title`},
		{tp.Select[Drawing]("author"), `tp.Select: Drawing has no field "author"; its fields are author!, frames, shapes, title`},
		{tp.Select[Drawing]("title").Of(Frame{}, "width", "depth"), `tp.Select: Frame has no field "depth"; its fields are height, inner, width`},
		{tp.Select[Drawing]("title").Tag(Circle{}, "side"), `tp.Select: Circle has no field "side"; its fields are radius`},
		{tp.Select[Drawing]("title").Of(Order{}, "id"), "tp.Select: no struct Order with fields is in the result"},
		{tp.Select[Drawing]("title").Of(Circle{}, "radius"), "tp.Select: no struct Circle with fields is in the result"},
		{tp.Select[Drawing]("title").Tag(Frame{}, "width"), "tp.Select: no union with a variant Frame that has fields is in the result"},
		{tp.Select[Drawing]("title").Of(nil, "x"), "tp.Select: <nil> is no struct"},
		{tp.Select[Drawing]("title").Of(new(7), "x"), "tp.Select: *int is no struct"},
		{tp.Select[Drawing]("title").Of(Größe{}, "x"), `tp_test.Größe: "Größe" is no name for a schema`},
	}
	client := tp.NewClient(answering(""), tp.Types(tp.UnionOf[Shape](Circle{}, Square{})))
	for _, tc := range tests {
		_, err := tp.Call[Drawing](t.Context(), client, &Draw{}, tc.option)
		if err == nil || !strings.HasPrefix(err.Error(), "tp: serialization failure in fn.draw: "+tc.want) {
			t.Errorf("got %v, want %s", err, tc.want)
		}
	}
}
