package conformance

import (
	"github.com/telestruct/telestruct/tp/mock"
)

// openMock makes a mock server that answers nothing but stubs.
func openMock(env *environment, v *vectors) (driver, error) {
	m, err := mock.New(mock.Dir(env.schemas, v.Schema), mock.OnlyStubs())
	if err != nil {
		return nil, err
	}
	return bytesDriver(m.RoundTrip), nil
}
