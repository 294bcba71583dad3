package verify

import (
	"slices"
	"strconv"
	"strings"
)

// Matcher says which calls are meant; what is not set is not looked at.
type Matcher struct {
	Name string // what messages call it; "" they describe it
	// Operation is an operationId, or a method and a path like "GET /pets" or
	// "GET /pets/{petId}".
	Operation string
	Method    string // upper case
	Path      Path
	Status    int // 404; 4 stands for 400 to 499, and so on
	Query     []Field
	Headers   []Field // their names in lower case
	Body      Body
	Contract  Contract
	Times     Times
}

// Contract says how calls have to stand to the contract.
type Contract uint8

// The ways.
const (
	Unasked Contract = iota
	Kept
	Broken
)

// matcher is a Matcher that is ready to be used.
type matcher struct {
	Matcher
	method string // of the operation, where it is written as method and path
	path   Path
}

func compile(m Matcher) matcher {
	c := matcher{Matcher: m}
	if method, path, ok := strings.Cut(m.Operation, " "); ok {
		c.method, c.path = strings.ToUpper(method), ExactPath(path)
	}
	return c
}

// comparison is what a call is beside a matcher.
type comparison struct {
	distance int    // 0: nothing differs
	doubt    string // why it can't be told whether the rest matches; "" it does
	differs  []Difference
}

type verdict uint8

const (
	no verdict = iota
	unsure
	yes
)

func (f *comparison) verdict() verdict {
	switch {
	case f.distance > 0:
		return no
	case f.doubt != "":
		return unsure
	}
	return yes
}

// differ notes one condition that isn't met.
func (f *comparison) differ(distance int, d Difference) {
	f.distance += distance
	if len(f.differs) < maxDifferences {
		f.differs = append(f.differs, d)
	}
}

// unknown notes that something can't be judged.
func (f *comparison) unknown(why string) {
	if f.doubt == "" {
		f.doubt = why
	}
}

// compare finds what differs. Of a call to something else only that is told.
func (m *matcher) compare(c *Call) comparison {
	var f comparison
	m.compareOperation(c, &f)
	m.compareMethod(c, m.Method, &f)
	m.comparePath(c, &m.Path, &f)
	if f.distance > 0 {
		return f
	}
	if !m.takesStatus(c.Status) {
		f.differ(condition, Difference{Place: []string{"status"}, Got: strconv.Itoa(c.Status), Want: statusText(m.Status)})
	}
	for i := range m.Query {
		m.Query[i].compare("query", c.parameter(m.Query[i].Name), c.Hidden, &f)
	}
	for i := range m.Headers {
		m.Headers[i].compare("header", c.header(m.Headers[i].Name), c.Hidden, &f)
	}
	m.compareContract(c, &f)
	m.Body.compare(c, &f)
	return f
}

func (m *matcher) compareOperation(c *Call, f *comparison) {
	switch {
	case m.Operation == "" || m.Operation == c.Operation:
	case m.method != "" && m.path.variable() && c.Route != "":
		// A path that fits the template may be another operation's.
		if got := c.Method + " " + c.Route; got != m.method+" "+m.path.text {
			f.differ(max(m.path.distance(c), elsewhere), Difference{Place: []string{"operation"}, Got: got, Want: m.Operation})
		}
	case m.method != "":
		m.compareMethod(c, m.method, f)
		m.comparePath(c, &m.path, f)
	default:
		f.differ(far, Difference{Place: []string{"operation"}, Got: c.Operation, Want: m.Operation})
	}
}

func (m *matcher) compareMethod(c *Call, want string, f *comparison) {
	if want != "" && want != c.Method {
		f.differ(otherWay, Difference{Place: []string{"method"}, Got: c.Method, Want: want})
	}
}

func (m *matcher) comparePath(c *Call, want *Path, f *comparison) {
	if want.any() {
		return
	}
	if d := want.distance(c); d > 0 {
		f.differ(d, Difference{Place: []string{"path"}, Got: Clip(c.Path), Want: want.String()})
	}
}

func (m *matcher) takesStatus(status int) bool {
	return m.Status == 0 || m.Status == status || m.Status < 10 && m.Status == status/100
}

func statusText(status int) string {
	if status < 10 {
		return strconv.Itoa(status) + "xx"
	}
	return strconv.Itoa(status)
}

func (m *matcher) compareContract(c *Call, f *comparison) {
	if m.Contract == Unasked {
		return
	}
	switch broken := c.broken(); {
	case m.Contract == Kept && broken != "":
		f.differ(condition, Difference{Place: []string{"contract"}, Got: "broken: " + Clip(broken), Want: "kept"})
	case m.Contract == Broken && broken == "":
		f.differ(condition, Difference{Place: []string{"contract"}, Got: "kept", Want: "broken"})
	}
}

// String is what messages call the matcher: "POST /orders with status 201".
func (m *Matcher) String() string {
	if m.Name != "" {
		return m.Name
	}
	path := m.Path.String()
	if m.Method != "" && m.Path.any() {
		path = "to any path"
	}
	what := strings.Join(strings.Fields(m.Operation+" "+m.Method+" "+path), " ")
	if what == "" {
		what = "any operation"
	}
	conditions := m.conditions()
	if len(conditions) == 0 {
		return Clip(what)
	}
	return Clip(what + " with " + strings.Join(conditions, ", "))
}

func (m *Matcher) conditions() []string {
	var out []string
	if m.Status != 0 {
		out = append(out, "status "+statusText(m.Status))
	}
	for i := range m.Query {
		out = append(out, "query "+m.Query[i].String())
	}
	for i := range m.Headers {
		out = append(out, "header "+m.Headers[i].String())
	}
	switch m.Contract {
	case Kept:
		out = append(out, "the contract kept")
	case Broken:
		out = append(out, "the contract broken")
	case Unasked:
	}
	return slices.Concat(out, m.Body.conditions())
}
