package shapes

import (
	"fmt"
	"strconv"
)

// Tiny returns the request of the tiny shape.
func Tiny() *GreetRequest { return &GreetRequest{Subject: "Telepact"} }

// Greet answers the request of the tiny shape.
func Greet(in GreetRequest) GreetResponse {
	return GreetResponse{Message: "Hello " + in.Subject + "!"}
}

// Medium returns the medium shape, the same with every call.
func Medium() *OrderMessage {
	return &OrderMessage{Order{
		ID:     4200017,
		Status: "paid",
		Customer: Customer{
			ID: 100042, Name: "Grace Hopper", Email: "grace@example.com", VIP: true,
			Address: Address{Street: "1 Navy Yard", City: "Arlington", Zip: "22202", Country: "US"},
		},
		Items:    orderItems(10),
		Tags:     map[string]string{"channel": "web", "campaign": "spring", "priority": "high"},
		Note:     new("leave at the front desk — ask for Anaïs"),
		Discount: new(2.5),
	}}
}

// orderItems returns n items; every third is a gift.
func orderItems(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{
			SKU:   fmt.Sprintf("sku-%05d", 37*i),
			Title: "Item number " + strconv.Itoa(i),
			Qty:   int64(1 + i%4),
			Price: 9.75 + 1.125*float64(i),
		}
		if i%3 == 0 {
			items[i].Gift = new(true)
		}
	}
	return items
}

// Large returns the large shape, the same with every call.
func Large() *RecordsMessage {
	regions := [...]string{"na", "eu", "apac", "latam"}
	statuses := [...]string{"new", "active", "paused", "closed"}
	records := make([]Record, 1000)
	for i := range records {
		records[i] = Record{
			AccountID:    int64(100000 + i),
			CustomerName: fmt.Sprintf("customer-%04d", i),
			Region:       regions[i%len(regions)],
			UnitPrice:    19.75 + 0.125*float64(i),
			Quantity:     int64(1 + i%9),
			Active:       i%2 == 0,
			Score:        0.001003 * float64(i+1),
			Status:       statuses[i%len(statuses)],
		}
	}
	return &RecordsMessage{records}
}

// blobBytes is how long the blob of the bytes shape is.
const blobBytes = 64 << 10

// Bytes returns the bytes shape, the same with every call: every value of a byte
// occurs, in no order that could be packed.
func Bytes() *BlobMessage {
	blob := make([]byte, blobBytes)
	state := uint32(1)
	for i := range blob {
		state = state*1664525 + 1013904223
		blob[i] = byte(state >> 24)
	}
	return &BlobMessage{blob}
}
