package har

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/plausible"
)

// fewValues is how many segments at one place make a variable of it.
const fewValues = 4

// merge finds the children that vary as a whole, here and below.
func (n *pathNode) merge(word string) {
	if plausible.Singular(lastWord(word)) != lastWord(word) && !versionLike(word) {
		n.mergeKids()
	}
	for _, s := range n.order {
		if !n.merged[s] {
			n.kids[s].merge(strings.TrimPrefix(s, varies))
		}
	}
}

// mergeKids takes the children that look the same for values of one variable.
func (n *pathNode) mergeKids() {
	alike := map[string][]string{}
	var signatures []string
	for _, s := range n.order {
		if s == varies || reserved(s) {
			continue
		}
		signature := n.kids[s].signature()
		if signature == "" {
			continue
		}
		if alike[signature] == nil {
			signatures = append(signatures, signature)
		}
		alike[signature] = append(alike[signature], s)
	}
	for _, signature := range signatures {
		if len(alike[signature]) < fewValues {
			continue
		}
		for _, s := range alike[signature] {
			if n.merged == nil {
				n.merged = map[string]bool{}
			}
			n.merged[s] = true
			n.kid(varies).absorb(n.kids[s])
		}
	}
}

// absorb adds what is below another node to this one.
func (n *pathNode) absorb(other *pathNode) {
	for _, s := range other.shapes {
		if len(n.shapes) < maxShapes && !slices.Contains(n.shapes, s) {
			n.shapes = append(n.shapes, s)
		}
	}
	n.other = n.other || other.other
	for _, s := range other.order {
		n.kid(s).absorb(other.kids[s])
	}
}

// signature tells what is answered at a node, or below where nothing is; "" for
// nothing that could be compared.
func (n *pathNode) signature() string {
	if n.other {
		return ""
	}
	if len(n.shapes) > 0 {
		reads := ""
		for _, s := range n.shapes {
			if rest, ok := strings.CutPrefix(s, "GET "); ok {
				if reads != "" || rest[0] != '{' || rest == "{}" {
					return "" // several forms, or a list
				}
				reads = rest
			}
		}
		return reads
	}
	var parts []string
	for _, s := range n.order {
		below := n.kids[s].below(8)
		if below == "" {
			return ""
		}
		parts = append(parts, s+"/"+below)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// below tells what is answered at a node and below it.
func (n *pathNode) below(depth int) string {
	if n.other || depth == 0 {
		return ""
	}
	parts := slices.Clone(n.shapes)
	for _, s := range n.order {
		below := n.kids[s].below(depth - 1)
		if below == "" {
			return ""
		}
		parts = append(parts, s+"/"+below)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// reserved are segments that name something apart among the values of a
// variable: /users/me is no user of the name me.
func reserved(segment string) bool {
	switch strings.ToLower(segment) {
	case "me", "self", "current", "mine", "my", "search", "find", "query", "new", "create", "add", "edit", "count", "stats", "status", "latest", "recent",
		"all", "list", "batch", "bulk", "export", "import", "upload", "download", "login", "logout", "validate", "health", "info", "summary", "default", "index", "":
		return true
	}
	return false
}
