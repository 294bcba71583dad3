package verify

import (
	"encoding/json"
	"math"
	"strconv"
)

// unlimited is the most of what has no upper end.
const unlimited = math.MaxInt

// Times says how many calls are wanted. The zero value is at least one.
type Times struct {
	set         bool
	least, most int
}

// Exactly is one number of calls; 0 is never.
func Exactly(n int) Times { return Between(n, n) }

// AtLeast is that many calls or more.
func AtLeast(n int) Times { return Between(n, unlimited) }

// Between is a range of numbers of calls, both ends included.
func Between(least, most int) Times { return Times{true, least, most} }

// Bounds gives the ends of the range, [math.MaxInt] where it has no upper one.
func (t Times) Bounds() (least, most int) {
	if !t.set {
		return 1, unlimited
	}
	return t.least, t.most
}

func (t Times) never() bool {
	_, most := t.Bounds()
	return most == 0
}

// String says it in words: "2", "at least 1", "at most 3", "1 to 3".
func (t Times) String() string {
	least, most := t.Bounds()
	switch {
	case most == unlimited:
		return "at least " + strconv.Itoa(least)
	case least == most:
		return strconv.Itoa(least)
	case least == 0:
		return "at most " + strconv.Itoa(most)
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

// MarshalJSON writes it as a verification has it.
func (t Times) MarshalJSON() ([]byte, error) {
	least, most := t.Bounds()
	switch {
	case most == unlimited:
		return json.Marshal(map[string]int{"atLeast": least})
	case least == most:
		return json.Marshal(least)
	}
	return json.Marshal(map[string]int{"atLeast": least, "atMost": most})
}

// times counts in words.
func times(n int) string {
	if n == 1 {
		return "1 time"
	}
	return strconv.Itoa(n) + " times"
}
