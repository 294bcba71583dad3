package postman

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The greatest length of a file's name without what marks its kind. With that
// it is below the 255 bytes that file systems allow.
const (
	folderNameBytes = 200
	folderNameRunes = 100
)

// folderNames gives the names of one folder's files, each once without regard
// to case.
type folderNames map[string]bool

// unique gives a file's name for an item: the one that its name allows, with a
// number where that is taken. The kind and extension follow it.
func (n folderNames) unique(name, kind string) (stem string) {
	base := folderFileName(name)
	stem = base
	for i := 2; n[folderFold(stem+kind)]; i++ {
		stem = base + " " + strconv.Itoa(i)
	}
	n[folderFold(stem+kind)] = true
	return stem
}

// folderFold makes names equal that some file system takes for the same.
func folderFold(s string) string { return strings.ToLower(strings.ToUpper(s)) }

// folderFileName gives a name that every file system allows.
func folderFileName(name string) string {
	var b strings.Builder
	runes := 0
	for _, r := range name {
		if strings.ContainsRune(`<>:"/\|?*`, r) || unicode.Is(unicode.C, r) || r == utf8.RuneError || r == 0x2028 || r == 0x2029 {
			r = '-'
		}
		if runes++; runes > folderNameRunes || b.Len()+utf8.RuneLen(r) > folderNameBytes {
			break
		}
		b.WriteRune(r)
	}
	s := strings.TrimRight(strings.TrimSpace(b.String()), ". ")
	switch {
	case s == "":
		return "Untitled"
	case s[0] == '.': // hidden, and none of the collection's
		s = "_" + s
	}
	if strings.HasSuffix(strings.ToLower(s), folderResources) {
		s += "_"
	}
	if device, rest, _ := strings.Cut(s, "."); folderIsDevice(strings.TrimRight(device, " ")) {
		s = device + "_"
		if rest != "" {
			s += "." + rest
		}
	}
	return s
}

// folderIsDevice reports whether Windows takes a name for a device, which it
// does whatever follows the first dot.
func folderIsDevice(name string) bool {
	name = strings.ToUpper(name)
	switch name {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		digit, ok := strings.CutPrefix(name, port)
		if r, size := utf8.DecodeRuneInString(digit); ok && size == len(digit) && strings.ContainsRune("0123456789¹²³", r) {
			return true
		}
	}
	return false
}
