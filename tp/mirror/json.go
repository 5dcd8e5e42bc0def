package mirror

// MarshalJSON returns v as it is on the wire. It fails with an *[Error] on what cannot be
// sent.
func (v Value) MarshalJSON() ([]byte, error) {
	f, err := JSON().EncodeValue(v)
	return f.Data, err
}

// UnmarshalJSON reads what MarshalJSON writes. It fails with an *[Error].
func (v *Value) UnmarshalJSON(data []byte) (err error) {
	*v, err = JSON().DecodeValue(Frame{Text: true, Data: data}, Limits{})
	return err
}

// String returns v as it is on the wire in JSON, or why it cannot be sent.
func (v Value) String() string { return text(v.MarshalJSON()) }

// MarshalJSON returns p as it is on the wire. It fails with an *[Error] on what cannot be
// sent.
func (p Patch) MarshalJSON() ([]byte, error) {
	f, err := JSON().EncodePatch(p)
	return f.Data, err
}

// UnmarshalJSON reads what MarshalJSON writes. It fails with an *[Error].
func (p *Patch) UnmarshalJSON(data []byte) (err error) {
	*p, err = JSON().DecodePatch(Frame{Text: true, Data: data}, Limits{})
	return err
}

// String returns p as it is on the wire in JSON, or why it cannot be sent.
func (p Patch) String() string { return text(p.MarshalJSON()) }

func text(data []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(data)
}
