package template

import (
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
)

// This file is on the hot path: it allocates where the caller's buffer must
// grow, where a value needs escapes, and where a part of the request is asked
// for.

// defaultLimit is the Input.Limit that 0 stands for.
const defaultLimit = 1 << 20

// Input is what an answer's holes are filled from. Every function may be nil.
type Input struct {
	// Random values are derived from these and from the hole's number: the same
	// input gives the same bytes on every machine, another Count gives others.
	Seed         string
	Method, Path string
	Count        uint64
	// First is how many draws the templates before this one in the same answer
	// have made, so that a header and the body differ. See Template.Draws.
	First int
	// Now is the time of $timestamp and $isoTimestamp, and what dates count from.
	Now time.Time

	Body     func() []byte // the request's body, asked for only when it is needed
	Query    []definition.Pair
	Segments []string // of the request's path, decoded
	Header   func(name string) (value string, ok bool)
	Headers  func() []definition.Pair

	// Captured finds what the wildcards of the path stand for.
	Captured func(name string) (value string, ok bool)

	// Limit is how many bytes the output may have; 0 stands for 1 MiB. The text
	// around the holes is never cut: from the first value on that would go past
	// the limit, all are left out, and null stands in their place where JSON needs
	// something.
	Limit int
}

// Append appends the filled-in text to dst.
func (t *Template) Append(dst []byte, in *Input) []byte {
	if len(t.pieces) == 0 {
		return append(dst, t.tail...)
	}
	if in == nil {
		in = &Input{}
	}
	r := run{in: in, room: in.Limit}
	if r.room <= 0 {
		r.room = defaultLimit
	}
	r.room -= t.fixed
	if t.dynamic {
		r.base = base(in)
	}
	for i := range t.pieces {
		dst = append(dst, t.pieces[i].literal...)
		dst = r.fill(dst, t.pieces[i].hole)
	}
	return append(dst, t.tail...)
}

// AppendHeader is Append for the value of a header. Control characters, CR and
// LF among them, are dropped, because they could begin another header
// (RFC 9110, 5.5); tabs stay.
func (t *Template) AppendHeader(dst []byte, in *Input) []byte {
	start := len(dst)
	dst = t.Append(dst, in)
	kept := start
	for _, b := range dst[start:] {
		if b >= ' ' && b != 0x7f || b == '\t' {
			dst[kept] = b
			kept++
		}
	}
	return dst[:kept]
}

// base is the number from which all the draws of an answer come.
func base(in *Input) uint64 {
	h := hash(fnvOffset, in.Seed)
	h = hash(h, in.Method)
	h = hash(h, in.Path)
	return mix(h ^ mix(in.Count))
}

// run is the making of one text.
type run struct {
	in   *Input
	base uint64
	room int // bytes that may still be filled in
	body bodyView
}

// fill appends what fills a hole, in the form that its place asks for.
func (r *run) fill(dst []byte, h *hole) []byte {
	if r.room <= 0 {
		return append(dst, nothing(h.place)...)
	}
	start := len(dst)
	dst, ok := r.value(dst, h)
	switch {
	case ok:
		dst = encode(dst, start, h.place)
	case h.kind == captured:
		dst = append(dst[:start], h.written...)
	case h.kind == asked:
		dst = append(dst[:start], nothing(h.place)...)
	}
	if len(dst)-start > r.room {
		r.room = 0
		return append(dst[:start], nothing(h.place)...)
	}
	r.room -= len(dst) - start
	return dst
}

// nothing is what stands for a value that isn't there.
func nothing(p place) string {
	switch p {
	case inValue:
		return "null"
	case inKey:
		return `""`
	}
	return ""
}

// value appends the bare value of a hole. ok is false if there is none; of a
// joined that has a hole left as it is written what is appended is to stay.
func (r *run) value(dst []byte, h *hole) (out []byte, ok bool) {
	switch h.kind {
	case captured:
		if r.in.Captured == nil {
			return dst, false
		}
		v, ok := r.in.Captured(h.name)
		return append(dst, v...), ok
	case drawn:
		d := draws{state: mix(r.base + uint64(r.in.First+h.draw)*gamma)}
		return h.value(dst, d, r.in.Now), true
	case asked:
		return r.ask(dst, &h.ask)
	}
	whole, word := true, len(dst)
	for i := range h.parts {
		p := &h.parts[i]
		dst = append(dst, p.literal...)
		start := len(dst)
		var ok bool
		if dst, ok = r.value(dst, p.hole); !ok {
			dst = append(dst[:start], p.hole.written...)
			whole = whole && p.hole.kind != captured
		}
		if len(dst)-word > r.room { // fill will see it
			return dst, whole
		}
	}
	return append(dst, h.tail...), whole
}
