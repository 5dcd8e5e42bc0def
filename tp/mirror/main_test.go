package mirror

import (
	"testing"

	"github.com/telestruct/telestruct/internal/leaks"
)

func TestMain(m *testing.M) { leaks.Main(m) }
