package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func open(t *testing.T, dir, kind string, limit int64) *Spool {
	t.Helper()
	s, err := Open(dir, kind, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func appendAll(t *testing.T, s *Spool, from, n int) {
	t.Helper()
	for i := range n {
		if err := s.Append(fmt.Appendf(nil, "frame %d", from+i), 2); err != nil {
			t.Fatal(err)
		}
	}
}

// drain takes all frames.
func drain(t *testing.T, s *Spool) (frames []string) {
	t.Helper()
	for {
		f, n, err := s.First()
		if err != nil {
			t.Fatal(err)
		}
		if f == nil {
			return frames
		}
		if n != 2 {
			t.Errorf("%s has %d items, want 2", f, n)
		}
		frames = append(frames, string(f))
		s.Remove(f)
	}
}

func wantFrames(t *testing.T, got []string, from, n int) {
	t.Helper()
	if len(got) != n {
		t.Fatalf("there are %d frames, want %d: %.3v", len(got), n, got)
	}
	for i, f := range got {
		if want := fmt.Sprintf("frame %d", from+i); f != want {
			t.Errorf("frame %d is %s, want %s", i, f, want)
		}
	}
}

func TestSpool_GivesFramesInTheirOrder_AlsoWhileMoreCome(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "spool"), "k", 1<<20)
	appendAll(t, s, 0, 3)
	f, _, err := s.First()
	if err != nil || string(f) != "frame 0" {
		t.Fatalf("the first is %s, %v", f, err)
	}
	appendAll(t, s, 3, 2)
	if items, _, _ := s.Stats(); items != 10 {
		t.Errorf("there are %d items, want 10", items)
	}
	s.Remove(f)
	wantFrames(t, drain(t, s), 1, 4)
	if items, bytes, dropped := s.Stats(); items != 0 || bytes != 0 || dropped != 0 {
		t.Errorf("an empty spool has %d items in %d bytes, %d dropped", items, bytes, dropped)
	}
}

func TestSpool_OfAProcessThatIsNoMore_IsTakenOver(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	first := open(t, dir, "k", 1<<20)
	appendAll(t, first, 0, 3)
	second := open(t, dir, "k", 1<<20)
	if got := drain(t, second); len(got) != 0 {
		t.Errorf("what a running process has is taken: %v", got)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, open(t, dir, "other", 1<<20)); len(got) != 0 {
		t.Errorf("what is of another kind is taken: %v", got)
	}
	third := open(t, dir, "k", 1<<20)
	wantFrames(t, drain(t, third), 0, 3)
	if err := third.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("an empty spool is left: %v", err)
	}
}

// A process that is killed may leave half of a frame.
func TestSpool_WithATornEnd_GivesWhatIsWhole(t *testing.T) {
	t.Parallel()
	for cutOff := 1; cutOff < 20; cutOff++ {
		dir := t.TempDir()
		s := open(t, dir, "k", 1<<20)
		appendAll(t, s, 0, 3)
		file := s.segments[0].path
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data[:len(data)-cutOff], 0o600); err != nil {
			t.Fatal(err)
		}
		wantFrames(t, drain(t, open(t, dir, "k", 1<<20)), 0, 2)
	}
}

func TestSpool_WithADamagedFrame_DropsTheRestOfTheFileAndCountsIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, "k", 1<<20)
	appendAll(t, s, 0, 3)
	data, err := os.ReadFile(s.segments[0].path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(s.segments[0].path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	wantFrames(t, drain(t, s), 0, 1)
	if _, _, dropped := s.Stats(); dropped != 4 {
		t.Errorf("%d items are dropped, want 4", dropped)
	}
}

func TestSpool_ThatIsFull_DropsTheOldest(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), "k", 2000)
	appendAll(t, s, 0, 1000)
	items, bytes, dropped := s.Stats()
	if bytes > 2000 || items+dropped != 2000 || items < 100 {
		t.Errorf("%d items in %d bytes, %d dropped", items, bytes, dropped)
	}
	got := drain(t, s)
	wantFrames(t, got, 1000-len(got), len(got))
}

func TestSpool_InAFolderThatCantBeWritten_SaysSo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(filepath.Join(file, "spool"), "k", 1<<20)
	if err == nil {
		err = s.Append([]byte("x"), 1)
	}
	if err == nil {
		t.Error("a spool inside of a file is no error")
	}
}

// What is in the name of a folder means nothing.
func TestSpool_InAFolderWhoseNameIsLikeAPattern_IsTakenOver(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a[b-]c")
	first := open(t, dir, "k", 1<<20)
	appendAll(t, first, 0, 3)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	wantFrames(t, drain(t, open(t, dir, "k", 1<<20)), 0, 3)
}

// Another process that ends removes its folder, also one that was just found.
func TestSpool_WhoseFolderIsRemovedMeanwhile_GoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, "k", 80) // a file for each frame
	if err := s.adopt(filepath.Join(dir, "k-gone")); err != nil {
		t.Errorf("a folder that is gone: %v", err)
	}
	appendAll(t, s, 0, 1)
	s.endCurrent()
	if err := os.RemoveAll(s.own); err != nil {
		t.Fatal(err)
	}
	appendAll(t, s, 1, 1)
	wantFrames(t, drain(t, s), 1, 1)
	if _, _, dropped := s.Stats(); dropped != 2 {
		t.Errorf("%d items are dropped, want the 2 that were removed", dropped)
	}
}

// On a disk that is full, no try leaves a file.
func TestSpool_OnADiskThatIsFull_LeavesNoFiles(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full: ", err)
	}
	s := open(t, t.TempDir(), "k", 1<<20)
	if err := s.room(1); err != nil {
		t.Fatal(err)
	}
	s.endCurrent()
	s.current = full
	if err := s.Append([]byte("x"), 2); err == nil {
		t.Fatal("a full disk is no error")
	}
	if left, err := framesIn(s.own); err != nil || len(left) > 0 || len(s.segments) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
	appendAll(t, s, 0, 1)
	wantFrames(t, drain(t, s), 0, 1)
}
