package saved

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// query is the saved query of an example, made for comparing.
type query struct {
	pairs  []definition.Pair // in order of names and values
	folded []definition.Pair // the same in lower case
	wild   bool              // a value is a wildcard
}

func newQuery(pairs []definition.Pair) query {
	q := query{pairs: sorted(pairs), folded: folded(pairs)}
	for i := range pairs {
		if _, ok := wildcardValue(pairs[i].Value); ok {
			q.wild = true
		}
	}
	return q
}

// wildcardValue gives the name of a value that stands for any: "{{name}}".
func wildcardValue(v string) (string, bool) {
	if !strings.HasPrefix(v, "{{") {
		return "", false
	}
	return wildcard(v)
}

func sorted(pairs []definition.Pair) []definition.Pair {
	if len(pairs) < 2 {
		return pairs
	}
	out := slices.Clone(pairs)
	slices.SortFunc(out, comparePairs)
	return out
}

func comparePairs(a, b definition.Pair) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	return strings.Compare(a.Value, b.Value)
}

func folded(pairs []definition.Pair) []definition.Pair {
	if len(pairs) == 0 {
		return nil
	}
	out := make([]definition.Pair, len(pairs))
	for i, p := range pairs {
		out[i] = definition.Pair{Name: strings.ToLower(p.Name), Value: strings.ToLower(p.Value)}
		if _, ok := wildcardValue(p.Value); ok {
			out[i].Value = p.Value
		}
	}
	slices.SortFunc(out, comparePairs)
	return out
}

// score compares an example's query with a request's. Order doesn't matter,
// names may repeat, a wildcard equals any value.
func (q *query) score(asked *query) int {
	if len(q.pairs) != len(asked.pairs) {
		return queryDifferent
	}
	switch {
	case q.wild && equalWild(q.pairs, asked.pairs), !q.wild && slices.Equal(q.pairs, asked.pairs):
		return queryEqual
	case q.wild && equalWild(q.folded, asked.folded), !q.wild && slices.Equal(q.folded, asked.folded):
		return queryFolded
	}
	return queryDifferent
}

// equalWild compares two sorted lists of one length, of which the first may
// have wildcards: for each name the values that are no wildcards must be among
// those of the request, and the wildcards take the others.
func equalWild(saved, asked []definition.Pair) bool {
	for i := 0; i < len(saved); {
		name := saved[i].Name
		from := i
		for i < len(saved) && saved[i].Name == name {
			if asked[i].Name != name {
				return false
			}
			i++
		}
		if !takeValues(saved[from:i], asked[from:i]) {
			return false
		}
	}
	return true
}

// takeValues tells whether each value that is no wildcard has one of its own
// among those asked; both lists are sorted.
func takeValues(saved, asked []definition.Pair) bool {
	at := 0
	for i := range saved {
		if _, wild := wildcardValue(saved[i].Value); wild {
			continue
		}
		for at < len(asked) && asked[at].Value < saved[i].Value {
			at++
		}
		if at == len(asked) || asked[at].Value != saved[i].Value {
			return false
		}
		at++
	}
	return true
}

// capture gives the values that a query's wildcards stand for.
func (q *query) capture(asked []definition.Pair, out []definition.Pair) []definition.Pair {
	if !q.wild {
		return out
	}
	for _, p := range q.pairs {
		name, ok := wildcardValue(p.Value)
		if !ok {
			continue
		}
		for _, a := range asked {
			if strings.EqualFold(a.Name, p.Name) {
				out = append(out, definition.Pair{Name: name, Value: a.Value})
				break
			}
		}
	}
	return out
}
