package plausible

// key is a name as lower-case words with one space between them. at holds
// where each word starts.
type key struct {
	text  [128]byte
	len   int
	at    [16]uint8
	words int
}

func (k *key) from(word int) []byte { return k.text[k.at[word]:k.len] }

func (k *key) word(i int) []byte {
	if i < 0 || i >= k.words {
		return nil
	}
	if i == k.words-1 {
		return k.from(i)
	}
	return k.text[k.at[i] : k.at[i+1]-1]
}

func (k *key) last() []byte { return k.word(k.words - 1) }

// without is the key without its last word.
func (k *key) without() key {
	whole := *k
	whole.words--
	whole.len = int(whole.at[whole.words]) - 1
	return whole
}

// split reads a name in any case style: camelCase, snake_case, kebab-case,
// dotted.path, HTTPServerURL, userIDs. Past 16 words or 128 bytes it is cut off.
func split(name string) (k key) {
	fresh := true // the next letter or digit begins a word
	for i := 0; i < len(name) && k.len < len(k.text)-2; i++ {
		c := name[i]
		up := 'A' <= c && c <= 'Z'
		if !up && !('a' <= c && c <= 'z') && !('0' <= c && c <= '9') && c < 0x80 {
			if c != '\'' {
				fresh = true
			}
			continue
		}
		if up && i > 0 && !fresh && startsWord(name, i) {
			fresh = true
		}
		if fresh {
			if k.words == len(k.at) {
				break
			}
			if k.len > 0 {
				k.text[k.len] = ' '
				k.len++
			}
			k.at[k.words] = uint8(k.len)
			k.words++
			fresh = false
		}
		if up {
			c += 'a' - 'A'
		}
		k.text[k.len] = c
		k.len++
	}
	return k
}

// startsWord reports whether the capital at name[i] begins a word: after a small
// letter or digit, or as the last of several capitals before a small letter. The
// s that makes a plural of capitals ("IDs") is none.
func startsWord(name string, i int) bool {
	if p := name[i-1]; !('A' <= p && p <= 'Z') {
		return true
	}
	if i+1 >= len(name) {
		return false
	}
	n := name[i+1]
	if n < 'a' || n > 'z' {
		return false
	}
	plural := n == 's' && (i+2 == len(name) || name[i+2] < 'a' || name[i+2] > 'z')
	return !plural
}

// singular is the length of word without its plural ending, and what is put in
// place of it: "categories" is "categor" + "y".
func singular(word []byte) (n int, ending string) {
	n = len(word)
	has := func(s string) bool { return n > len(s) && string(word[n-len(s):]) == s }
	switch {
	case n < 3 || word[n-1] != 's' || has("ss") || has("us") || has("is"):
		return n, ""
	case has("ies") && n > 4:
		return n - 3, "y"
	case has("sses"), has("xes"), has("ches"), has("shes"), has("uses"):
		return n - 2, ""
	}
	return n - 1, ""
}

// trimDigits is the length of word without the number at its end.
func trimDigits(word []byte) int {
	n := len(word)
	for n > 0 && '0' <= word[n-1] && word[n-1] <= '9' {
		n--
	}
	return n
}
