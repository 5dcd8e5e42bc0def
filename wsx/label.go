package wsx

import "strings"

// maxLabel is how many bytes a label may have.
const maxLabel = 128

// setLabel sets what the connection is called.
func (c *connection) setLabel(label string) {
	label = strings.Clone(clip(strings.ToValidUTF8(label, "\uFFFD"), maxLabel))
	c.name.Store(&label)
	c.relabeled()
}

// label returns what the connection is called; empty if nothing.
func (c *connection) label() string {
	if l := c.name.Load(); l != nil {
		return *l
	}
	return ""
}
