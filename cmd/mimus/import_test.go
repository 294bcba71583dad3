package main

import (
	"bytes"
	"fmt"
	"testing"
)

func TestProgress_ABar_IsOutOfTheWayOfWhatIsPrinted(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := newProgress(&b) // no terminal: nobody draws it
	p.set(1, 2)
	p.hidden(func() { fmt.Fprintln(&b, "first") })
	p.draw()
	p.hidden(func() { fmt.Fprintln(&b, "second") })
	p.close()
	p.close()
	const bar = "\r[###############               ] 1 of 2"
	if want := "first\n" + bar + "\r\x1b[Ksecond\n" + bar + "\r\x1b[K"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
