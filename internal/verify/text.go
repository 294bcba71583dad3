package verify

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/near"
)

// Clip shortens what came from outside, for messages.
func Clip(s string) string {
	const most = 300
	s = strings.ToValidUTF8(s, "?")
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// List joins the first of some texts.
func List(texts []string, most int) string {
	if len(texts) > most {
		return strings.Join(texts[:most], ", ") + " and " + strconv.Itoa(len(texts)-most) + " more"
	}
	return strings.Join(texts, ", ")
}

// compact writes a value on one line, as short as messages are.
func compact(v *definition.Value) string { return Clip(string(v.AppendJSON(nil))) }

func sortByKey(kids []definition.Value) {
	slices.SortFunc(kids, func(a, b definition.Value) int { return strings.Compare(a.Key, b.Key) })
}

// alike reports whether a name may be a slip of the pen for another.
func alike(name, known string) bool {
	return len(name) <= maxName && near.Distance(strings.ToLower(name), strings.ToLower(known)) < len(name)/3+2
}

// maxName bounds the names that are compared letter by letter, in bytes.
const maxName = 64
