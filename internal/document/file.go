package document

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

// File is one document that a [Loader] has read.
type File struct {
	Number   uint16 // from 1; values of this file carry it
	Location string // absolute path, URL, key of [Config.Files] or "-"
	Name     string // for people: as typed for an entry, relative for others
	Base     string // set by the caller: a base URI instead of the location
	Text     string // UTF-8 without a byte order mark
	Root     definition.Value
	Warnings []Diagnostic // from reading: duplicate keys and the like

	document *reading
	once     sync.Once
	lines    []uint32 // offsets of line starts
	long     sync.Once
	columns  []uint32 // characters before each columnStep of the text
}

// Lines longer than longLine are counted once in steps, so that a place in a
// document of one line costs no walk through all of it.
const (
	longLine   = 1 << 16
	columnStep = 1 << 12
)

// Position gives the place of a byte offset; line and col count from 1, col in
// characters. It may be called from several goroutines.
func (f *File) Position(offset uint32) (line, col int) {
	f.once.Do(func() { f.lines = lineStarts(f.Text) })
	lines := f.lines
	offset = min(offset, uint32(len(f.Text)))
	line = sort.Search(len(lines), func(i int) bool { return lines[i] > offset })
	start := lines[line-1]
	if offset-start <= longLine {
		return line, 1 + utf8.RuneCountInString(f.Text[start:offset])
	}
	f.long.Do(func() { f.columns = characterSteps(f.Text) })
	return line, 1 + f.charactersBefore(offset) - f.charactersBefore(start)
}

// charactersBefore counts the characters of the text up to an offset.
func (f *File) charactersBefore(offset uint32) int {
	step := offset / columnStep
	return int(f.columns[step]) + characters(f.Text[step*columnStep:offset])
}

// characterSteps gives the number of characters before every columnStep.
func characterSteps(text string) []uint32 {
	steps := make([]uint32, 1, len(text)/columnStep+1)
	for at := columnStep; at <= len(text); at += columnStep {
		steps = append(steps, steps[len(steps)-1]+uint32(characters(text[at-columnStep:at])))
	}
	return steps
}

// characters counts the bytes that begin a character, so that a part of a text
// may begin or end inside of one.
func characters(s string) (n int) {
	for i := range len(s) {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// lineStarts gives the offset of each line's first byte. Lines end with LF,
// CRLF or CR, as in editors.
func lineStarts(text string) []uint32 {
	starts := make([]uint32, 1, 1+strings.Count(text, "\n"))
	if strings.IndexByte(text, '\r') < 0 {
		for i := 0; ; {
			n := strings.IndexByte(text[i:], '\n')
			if n < 0 {
				return starts
			}
			i += n + 1
			starts = append(starts, uint32(i))
		}
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && !strings.HasPrefix(text[i+1:], "\n") {
			starts = append(starts, uint32(i+1))
		}
	}
	return starts
}
