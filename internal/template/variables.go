package template

import "fmt"

const (
	// maxNesting is how deep variables may refer to each other. Postman resolves
	// nested variables about as often.
	maxNesting = 20
	// maxSearch is how far a chain of variables is followed to learn its depth.
	maxSearch = 1000
	// maxExpansion is how many bytes all the variables of one text may come to.
	maxExpansion = 1 << 20
	// maxProblems is how many problems of one text are reported.
	maxProblems = 100
)

// variables are the static ones, with what has been found out about them.
type variables struct {
	lookup  func(name string) (string, bool)
	known   map[string]*extent
	entered int // bytes that have been let in
}

// extent is what it takes to resolve a variable. All variables that one needs
// are measured once, so the work is linear in the length of all values together,
// however often they refer to each other.
type extent struct {
	value  string
	size   int // bytes of all values it needs, at most maxExpansion+1
	height int // levels of variables, itself included
	open   bool
	cyclic bool
}

// find is the value of a variable, without asking what it takes to resolve it.
func (v *variables) find(name string) (string, bool) {
	if v.lookup == nil {
		return "", false
	}
	if e := v.known[name]; e != nil {
		return e.value, true
	}
	return v.lookup(name)
}

// admit finds a variable that the text itself names, and tells what forbids to
// resolve it.
func (v *variables) admit(name string) (value string, ok bool, why *Problem) {
	e := v.measure(name, 0)
	switch {
	case e == nil:
		return "", false, nil
	case e.cyclic:
		return "", false, &Problem{
			Name:    name,
			Message: fmt.Sprintf("variable %q leads back to itself", name),
			Hint:    "give one of the variables that it refers to a value without {{…}}",
		}
	case e.height > maxNesting:
		return "", false, &Problem{
			Name:    name,
			Message: fmt.Sprintf("variable %q refers to others more than %d levels deep", name, maxNesting),
			Hint:    "write the value out in fewer steps",
		}
	case v.entered+e.size > maxExpansion:
		return "", false, &Problem{
			Name:    name,
			Message: fmt.Sprintf("variables grow this text by more than %d bytes", maxExpansion),
			Hint:    "shorten the values, or use them less often",
		}
	}
	v.entered += e.size
	return e.value, true, nil
}

// measure is the extent of a variable, or nil if there is none of this name.
func (v *variables) measure(name string, depth int) *extent {
	if e := v.known[name]; e != nil {
		if e.open {
			e.cyclic = true
		}
		return e
	}
	value, ok := v.find(name)
	if !ok {
		return nil
	}
	e := &extent{value: value, size: min(len(value)+1, maxExpansion+1), height: 1}
	if v.known == nil {
		v.known = map[string]*extent{}
	}
	v.known[name] = e
	if depth > maxSearch {
		e.height = maxSearch
		return e
	}
	e.open = true
	for from := 0; ; {
		m, ok := nextMark(value, from)
		if !ok {
			break
		}
		from = m.end
		if m.call {
			continue
		}
		if inner := v.measure(m.name, depth+1); inner != nil {
			e.size = min(e.size+inner.size, maxExpansion+1)
			e.height = max(e.height, inner.height+1)
			e.cyclic = e.cyclic || inner.cyclic
		}
	}
	e.open = false
	return e
}
