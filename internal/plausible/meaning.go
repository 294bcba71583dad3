package plausible

// Meaning is what a property stands for. The zero value, None, is "nothing is
// known". The low bits name the thing; the high bits name the form it is
// written in where a thing has several: a time as date or Unix time, an amount
// in cents.
type Meaning uint16

const (
	baseMask Meaning = 1<<10 - 1

	formMask   Meaning = 7 << 10
	formDate   Meaning = 1 << 10 // full-date, RFC 3339
	formClock  Meaning = 2 << 10 // hh:mm:ss
	formUnix   Meaning = 3 << 10 // seconds since 1970
	formMillis Meaning = 4 << 10 // milliseconds since 1970
	formCents  Meaning = 5 << 10 // amount in the currency's smallest unit
	formWhole  Meaning = 6 << 10 // a measure without decimals
)

var formNames = [8]string{"", "-date", "-clock", "-unix", "-unix-ms", "-cents", "-whole", ""}

func (m Meaning) base() Meaning { return m & baseMask }
func (m Meaning) form() Meaning { return m & formMask }

// String is the meaning's stable name, such as "first-name", "created-unix" or
// "price-cents".
func (m Meaning) String() string {
	b := m.base()
	if int(b) >= len(facts) {
		return "none"
	}
	if f := m.form(); f != 0 {
		return facts[b].name + formNames[f>>10]
	}
	return facts[b].name
}

// IsTime reports whether m is a moment or a date, in whatever form it is
// written: [Subject.Time] answers it.
func IsTime(m Meaning) bool { return facts[m.base()].kind == kindTime }

// IsAmount reports whether m is an amount of money.
func IsAmount(m Meaning) bool { return facts[m.base()].kind == kindAmount }

// IsNumber reports whether [Subject.Number] answers m.
func IsNumber(m Meaning) bool {
	switch facts[m.base()].kind {
	case kindNumber, kindAmount, kindTime:
		return true
	}
	return facts[m.base()].digits
}

// IsBool reports whether m is a yes or no.
func IsBool(m Meaning) bool { return facts[m.base()].kind == kindBool }

// IsCount reports whether m is the number of items of a list: one that knows
// the list's length writes that instead.
func IsCount(m Meaning) bool {
	b := m.base()
	return b == Count || b == TotalCount
}

// IsID reports whether m is the object's own identity.
func IsID(m Meaning) bool {
	switch m.base() {
	case ID, UUID, ULID, ObjectID, NodeID:
		return true
	}
	return false
}

// IsReference reports whether m is the identity of another object, as in
// "customer_id".
func IsReference(m Meaning) bool { return m.base() == Reference }

// IsText reports whether m is free prose: a title, a description, a comment.
func IsText(m Meaning) bool { return facts[m.base()].kind == kindProse }

// IsURL reports whether m is an absolute URL.
func IsURL(m Meaning) bool { return facts[m.base()].kind == kindURL }

// MaxLen is the most bytes [Subject.Text] gives for m, or 0 if it can be long.
func MaxLen(m Meaning) int {
	switch facts[m.base()].kind {
	case kindTime:
		return 24
	case kindAmount, kindNumber:
		return 20
	case kindBool:
		return 5
	case kindProse:
		return 0
	}
	if list := facts[m.base()].list; list != nil {
		longest := 0
		for _, v := range list {
			longest = max(longest, len(v))
		}
		return longest
	}
	return facts[m.base()].maxLen
}

type kind uint8

const (
	kindText   kind = iota // a short string
	kindProse              // free text
	kindURL                // absolute URL
	kindTime               // moment or date
	kindNumber             // a number, with or without decimals
	kindAmount             // money
	kindBool
)

// fact is what the package knows about one meaning.
type fact struct {
	name   string
	kind   kind
	digits bool     // text that is also written as an integer
	maxLen int      // 0: not bounded
	list   []string // the values, if they are simply drawn from a list
}
