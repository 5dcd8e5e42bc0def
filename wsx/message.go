package wsx

// Message is a message of a topic, as it is published and as subscribers get it.
type Message struct {
	// Kind says whether Data is text or bytes.
	Kind Kind
	// Data is what the message says. All subscribers share it, so nobody may change it;
	// who publishes a message may use its Data again.
	Data []byte
	// Topic is the name of the topic. Publishing sets it.
	Topic string
	// From is the connection that has sent the message; its Number is 0 when the program
	// on that node has.
	From ID
	// Position is where the message stands in the topic's [History]; zero without one.
	// Publishing sets it.
	Position Position
	// Missed is how many messages before this one a function did not get because it was
	// too slow; see [Topic.Subscribe]. It is 0 for everybody else.
	Missed int
}
