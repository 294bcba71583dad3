package plausible

import "strings"

// Singular gives the singular of an English noun, the word itself where it is
// none in the plural. Endings in capitals are not known.
func Singular(word string) string {
	if one, ok := irregular(word); ok {
		return one
	}
	if len(word) < 3 || !strings.HasSuffix(word, "s") {
		return word
	}
	end := func(n int) string { return word[max(len(word)-n, 0):] }
	switch {
	case end(2) == "ss", end(2) == "us" && end(4) != "nous" && end(4) != "enus", end(2) == "is":
		return word
	case end(3) == "ies":
		if len(word) <= 4 {
			return word[:len(word)-1] // ties, pies
		}
		return word[:len(word)-3] + "y"
	case end(4) == "sses", end(3) == "xes" && word != "axes", end(4) == "ches" && end(6) != "caches", end(4) == "shes":
		return word[:len(word)-2]
	case end(4) == "uses" && !voiced(word), end(4) == "ases" && strings.HasSuffix(word, "iases"):
		return word[:len(word)-2] // statuses, viruses, aliases
	case end(4) == "zzes":
		return strings.TrimSuffix(word[:len(word)-2], "z")
	case end(4) == "yses":
		return word[:len(word)-2] + "is"
	case end(3) == "oes" && len(word) > 5:
		return word[:len(word)-2]
	}
	return word[:len(word)-1]
}

// voiced reports whether a plural in "uses" is that of a word in "use".
func voiced(word string) bool {
	for _, one := range []string{"house", "cause", "clause", "pause", "use", "excuse", "mouse", "blouse", "spouse", "muse", "fuse", "abuse", "purpose"} {
		if word == one+"s" || one != "use" && strings.HasSuffix(word, one+"s") {
			return true
		}
	}
	return false
}

// irregular knows the nouns that follow no rule, and those without a plural.
func irregular(word string) (string, bool) {
	switch word {
	case "people":
		return "person", true
	case "children":
		return "child", true
	case "men", "women":
		return word[:len(word)-2] + "an", true
	case "mice":
		return "mouse", true
	case "geese":
		return "goose", true
	case "feet":
		return "foot", true
	case "teeth":
		return "tooth", true
	case "indices":
		return "index", true
	case "vertices":
		return "vertex", true
	case "matrices":
		return "matrix", true
	case "appendices":
		return "appendix", true
	case "criteria":
		return "criterion", true
	case "leaves", "loaves", "halves", "shelves", "wolves", "calves", "thieves", "selves":
		return word[:len(word)-3] + "f", true
	case "knives", "lives", "wives":
		return word[:len(word)-3] + "fe", true
	case "movies", "cookies", "zombies", "calories", "selfies", "rookies", "brownies", "hoodies", "genies", "pixies":
		return word[:len(word)-1], true
	case "shoes", "toes", "canoes":
		return word[:len(word)-1], true
	case "crises", "theses", "hypotheses", "diagnoses", "synopses", "parentheses":
		return word[:len(word)-2] + "is", true
	case "gases", "lenses", "biases", "canvases", "buses", "atlases":
		return word[:len(word)-2], true
	case "series", "species", "news", "status", "data", "media", "metadata", "sms", "gps", "dns", "aws", "tls", "css", "https", "ios", "macos", "os",
		"analytics", "statistics", "physics", "mathematics", "economics", "logistics", "graphics", "basics", "politics", "chassis", "corps", "means",
		"address", "access", "process", "progress", "business", "class", "express", "has", "is", "was", "this", "as", "us", "yes", "always", "sales", "alias", "bias", "canvas", "atlas", "gas", "lens", "settings":
		return word, true
	}
	return "", false
}
