//go:build unix

package document

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestPipe_IsReadAsEntryButNotFollowed(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.yaml": "a: 1"})
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	l := NewLoader(Config{})
	_, err := l.Follow(context.Background(), open(t, l, filepath.Join(dir, "a.yaml")), "pipe")
	wantError(t, err, "file-irregular", "pipe")

	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, []byte("b: 2"), 0) }()
	if f := open(t, NewLoader(Config{}), pipe); f.Root.Get("b") == nil {
		t.Errorf("got %q from the pipe", f.Text)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}
