package near

import (
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 2*few)
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"pet", "pets", 1}, {"kitten", "sitting", 3}, {"ab", "ba", 2}, {long, long + "b", 1}, {"x", long, 2 * few},
	} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%.20q to %.20q is %d, want %d", c.a, c.b, got, c.want)
		}
		if got := Distance(c.b, c.a); got != c.want {
			t.Errorf("%.20q to %.20q is %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
