package template

import "time"

// This file is on the hot path: nothing here allocates but what dst needs to
// grow.

func word(dst []byte, d draws, _ time.Time) []byte {
	switch d.below(3) {
	case 0:
		return append(dst, d.pick(nouns)...)
	case 1:
		return append(dst, d.pick(verbs)...)
	}
	return append(dst, d.pick(adjectives)...)
}

func severalWords(dst []byte, d draws, now time.Time) []byte {
	for i := range d.between(2, 3) {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = word(dst, draws{state: d.next()}, now)
	}
	return dst
}

// phrase fills one of the phrases: n is a noun, v a verb, i a verb in -ing, a an
// adjective and b an abbreviation, each after a %.
func phrase(dst []byte, d draws, _ time.Time) []byte {
	text := d.pick(phrases)
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			dst = append(dst, text[i])
			continue
		}
		i++
		dst = append(dst, d.pick(phraseWords(text[i]))...)
	}
	return dst
}

func phraseWords(class byte) []string {
	switch class {
	case 'n':
		return nouns
	case 'v':
		return verbs
	case 'i':
		return ingVerbs
	case 'b':
		return abbreviations
	}
	return adjectives
}

func loremSentence(dst []byte, d draws, _ time.Time) []byte {
	start := len(dst)
	for i := range d.between(3, 10) {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, d.pick(lorem)...)
	}
	dst[start] -= 'a' - 'A'
	return append(dst, '.')
}

func loremSlug(dst []byte, d draws, _ time.Time) []byte {
	for i := range 3 {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = append(dst, d.pick(lorem)...)
	}
	return dst
}

func loremSentences(dst []byte, d draws, now time.Time) []byte {
	return appendSeveral(dst, d, now, d.between(2, 6), " ", loremSentence)
}

func loremParagraph(dst []byte, d draws, now time.Time) []byte {
	return appendSeveral(dst, d, now, d.between(3, 6), " ", loremSentence)
}

func loremParagraphs(dst []byte, d draws, now time.Time) []byte {
	return appendSeveral(dst, d, now, 3, "\n", loremParagraph)
}

func loremLines(dst []byte, d draws, now time.Time) []byte {
	return appendSeveral(dst, d, now, d.between(2, 5), "\n", loremSentence)
}

func appendSeveral(dst []byte, d draws, now time.Time, n int, between string, one generator) []byte {
	for i := range n {
		if i > 0 {
			dst = append(dst, between...)
		}
		dst = one(dst, draws{state: d.next()}, now)
	}
	return dst
}
