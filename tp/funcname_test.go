package tp

import "testing"

func TestWireName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		goName, want string
	}{
		{"main.greetHandler", "fn.greet"},
		{"main.Greet", "fn.greet"},
		{"main.Handler", "fn.handler"},
		{"example.com/shop/v2.URLFor", "fn.urlFor"},
		{"main.HTTPStatus", "fn.httpStatus"},
		{"main.HTTPHandler", "fn.http"},
		{"main.GetURL", "fn.getURL"},
		{"example.com/shop.(*Service).Greet-fm", "fn.greet"},
		{"example.com/shop.Service.GreetHandler-fm", "fn.greet"},
		{"example.com/shop.(*Service[...]).Greet-fm", "fn.greet"},
		{"example.com/shop.Greet[...]", "fn.greet"},
		{"gopkg.in/shop%2ev3.Greet", "fn.greet"},
		{"main.main.func1", ""},
		{"main.init.func1", ""},
		{"main.glob..func1", ""},
		{"main.Service.Greet", ""},
		{"main.(*Service).Greet.func1", ""},
		{"", ""},
	}
	for _, tc := range tests {
		got, ok := wireName(tc.goName)
		if got != tc.want || ok != (tc.want != "") {
			t.Errorf("wireName(%q) = %q, %v; want %q", tc.goName, got, ok, tc.want)
		}
	}
}
