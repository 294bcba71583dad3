package listing

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/mimus-dev/mimus/internal/plausible"
)

// fold gives a name without what documents write differently: case and all
// but letters and digits.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// words splits a name of any case into its words, in lower case.
func words(name string) []string {
	var list []string
	start := -1
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if start >= 0 {
				list = append(list, strings.ToLower(string(runes[start:i])))
			}
			start = -1
			continue
		}
		if start >= 0 && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]) && string(runes[i:]) != "Ds") {
			list = append(list, strings.ToLower(string(runes[start:i])))
			start = i
		}
		if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		list = append(list, strings.ToLower(string(runes[start:])))
	}
	return list
}

// singular is a folded name whose last word is in the singular.
func singular(name string) string {
	list := words(name)
	if len(list) == 0 {
		return ""
	}
	list[len(list)-1] = plausible.Singular(list[len(list)-1])
	return strings.Join(list, "")
}

// moment gives what a name of a time tells apart from its being one: "created"
// of created_at, DateCreated and creation_time.
func moment(list []string) string {
	var rest []string
	for _, w := range list {
		switch w {
		case "at", "on", "date", "time", "timestamp", "datetime", "utc", "ts", "is":
			continue
		case "creation", "create", "inserted", "insert":
			w = "created"
		case "modified", "modification", "changed", "update", "edited":
			w = "updated"
		case "starts", "started", "begin", "begins":
			w = "start"
		case "ends", "ended", "finished", "finish":
			w = "end"
		}
		rest = append(rest, w)
	}
	return strings.Join(rest, "")
}

// timely reports whether a name is one of a time, by its words.
func timely(list []string) bool {
	if len(list) == 0 {
		return false
	}
	switch list[len(list)-1] {
	case "at", "on", "date", "time", "timestamp", "datetime", "ts":
		return true
	case "created", "updated", "modified":
		return len(list) == 1 || slices.Contains(list, "date") || slices.Contains(list, "time")
	}
	return list[0] == "date"
}

// numberAfter gives the first number that a text has within a few words after
// one of the words, as in "defaults to 30" and "(max 100)".
func numberAfter(text string, begins ...string) (int, bool) {
	list := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != ','
	})
	for i, w := range list {
		if !slices.ContainsFunc(begins, func(begin string) bool { return strings.HasPrefix(w, begin) }) {
			continue
		}
		for _, next := range list[i+1 : min(i+6, len(list))] {
			if n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimRight(next, ".,"), ",", "")); err == nil {
				return n, true
			}
			if strings.HasSuffix(next, ".") {
				break
			}
		}
	}
	return 0, false
}
