// Package shapes holds the payloads that every benchmark measures with, so that
// figures compare: a tiny one with a single string, a medium order of about
// one kilobyte, and a large list of a thousand records, 148 KB. Beside them stand
// a tree of 200 nodes whose type is a union, and a blob of 64 KiB.
//
// The types carry tags for Telestruct and for encoding/json, with the same
// names. Those of the first three shapes and of the blob have generated methods for
// MessagePack as well.
package shapes

//go:generate go run github.com/tinylib/msgp@v1.6.5 -file shapes.go -o shapes_msgp.go -io=false -tests=false
//msgp:tag json

// GreetRequest and GreetResponse are the tiny shape.
type GreetRequest struct {
	Subject string `tp:"subject" json:"subject"`
}

// GreetResponse answers a GreetRequest.
type GreetResponse struct {
	Message string `tp:"message" json:"message"`
}

// OrderMessage is the medium shape.
type OrderMessage struct {
	Order Order `tp:"order" json:"order"`
}

// Order has nested structs, a list, a map, and optional fields of which one is
// absent.
type Order struct {
	ID       int64             `tp:"id" json:"id"`
	Status   string            `tp:"status" json:"status"`
	Customer Customer          `tp:"customer" json:"customer"`
	Items    []Item            `tp:"items" json:"items"`
	Tags     map[string]string `tp:"tags" json:"tags"`
	Note     *string           `tp:"note!" json:"note!,omitempty"`
	Discount *float64          `tp:"discount!" json:"discount!,omitempty"`
	Coupon   *string           `tp:"coupon!" json:"coupon!,omitempty"`
}

// Customer is who ordered.
type Customer struct {
	ID      int64   `tp:"id" json:"id"`
	Name    string  `tp:"name" json:"name"`
	Email   string  `tp:"email" json:"email"`
	VIP     bool    `tp:"vip" json:"vip"`
	Address Address `tp:"address" json:"address"`
}

// Address is where a Customer lives.
type Address struct {
	Street  string `tp:"street" json:"street"`
	City    string `tp:"city" json:"city"`
	Zip     string `tp:"zip" json:"zip"`
	Country string `tp:"country" json:"country"`
}

// Item is one line of an Order.
type Item struct {
	SKU   string  `tp:"sku" json:"sku"`
	Title string  `tp:"title" json:"title"`
	Qty   int64   `tp:"qty" json:"qty"`
	Price float64 `tp:"price" json:"price"`
	Gift  *bool   `tp:"gift!" json:"gift!,omitempty"`
}

// RecordsMessage is the large shape.
type RecordsMessage struct {
	Items []Record `tp:"items" json:"items"`
}

// Record is a flat row of eight columns.
type Record struct {
	AccountID    int64   `tp:"accountId" json:"accountId"`
	CustomerName string  `tp:"customerName" json:"customerName"`
	Region       string  `tp:"region" json:"region"`
	UnitPrice    float64 `tp:"unitPrice" json:"unitPrice"`
	Quantity     int64   `tp:"quantity" json:"quantity"`
	Active       bool    `tp:"active" json:"active"`
	Score        float64 `tp:"score" json:"score"`
	Status       string  `tp:"status" json:"status"`
}

// BlobMessage is the bytes shape.
type BlobMessage struct {
	Data []byte `tp:"data" json:"data"`
}
