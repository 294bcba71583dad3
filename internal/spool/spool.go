// Package spool keeps frames of bytes in files until they can be delivered: a
// queue on disk of a bounded size, which outlives its process.
package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/mimus-dev/mimus/internal/lockfile"
)

// segmentBytes is how long a file gets before another one is begun.
const segmentBytes = 8 << 20

// maxFrame bounds a frame, in bytes.
const maxFrame = 64 << 20

// Spool is safe for concurrent use. Its folder is made with the first frame.
//
// A frame is its length, a checksum (CRC-32C) of what follows, the number of
// items in it and its bytes; the numbers are of four bytes, the lowest first. A file whose last
// frame was not written to its end, because the process was killed, is read up
// to there.
type Spool struct {
	dir   string // holds a folder for each process
	kind  string // the beginning of the names of the folders
	limit int64

	mu       sync.Mutex
	own      string // this process's folder; "" before the first frame
	locks    []*os.File
	segments []*segment // the oldest first
	current  *os.File   // the last segment, while it is written
	next     int
	bytes    int64
	items    int64
	dropped  int64
	open     []byte // the rest of the first segment, while it is read
	opened   *segment
	closed   bool
}

// segment is a file.
type segment struct {
	path  string
	bytes int64
	items int64
}

// Open makes a spool in a folder. The frames that processes left there that are
// no more, and whose kind was the same, are its first. limit is in bytes.
func Open(dir, kind string, limit int64) (*Spool, error) {
	s := &Spool{dir: dir, kind: kind, limit: limit}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the spool %s can't be read: %w; let this user read and write it, or name another folder", dir, err)
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), kind+"-") {
			if err := s.adopt(filepath.Join(dir, e.Name())); err != nil {
				return nil, errors.Join(err, s.Close())
			}
		}
	}
	return s, nil
}

// What is in the folder of a process.
const (
	lockName  = "lock"
	framesExt = ".frames"
)

// adopt takes over a folder that no process has.
func (s *Spool) adopt(folder string) error {
	lock, err := os.OpenFile(filepath.Join(folder, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) { // its process ended well meanwhile, and left nothing
		return nil
	}
	if err != nil {
		return fmt.Errorf("the spool %s can't be used: %w", folder, err)
	}
	if err := lockfile.Alone(lock); err != nil {
		_ = lock.Close()
		if errors.Is(err, lockfile.ErrHeld) {
			return nil
		}
		return fmt.Errorf("the spool %s can't be locked: %w", folder, err)
	}
	s.locks = append(s.locks, lock)
	files, err := framesIn(folder)
	if err != nil {
		return fmt.Errorf("the spool %s can't be read: %w", folder, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return fmt.Errorf("the spool %s can't be read: %w", f, err)
		}
		seg := &segment{path: f, bytes: int64(len(data))}
		for {
			_, items, rest, ok := cut(data)
			if !ok {
				break
			}
			seg.items += int64(items)
			data = rest
		}
		s.add(seg)
	}
	return nil
}

// framesIn are the files of a folder, the oldest first. The name of the folder
// may have what means something in a pattern.
func framesIn(folder string) (files []string, err error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) { // removed meanwhile
		return nil, nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), framesExt) {
			files = append(files, filepath.Join(folder, e.Name()))
		}
	}
	return files, err
}

func (s *Spool) add(seg *segment) {
	s.segments = append(s.segments, seg)
	s.bytes += seg.bytes
	s.items += seg.items
}

var table = crc32.MakeTable(crc32.Castagnoli)

// frameHead is what stands before a frame; the checksum is of what comes from
// checked on.
const (
	frameHead = 12
	checked   = 8
)

// cut takes the first frame off; false where there is no whole one.
func cut(data []byte) (frame []byte, items uint32, rest []byte, ok bool) {
	if len(data) < frameHead {
		return nil, 0, nil, false
	}
	n := int64(binary.LittleEndian.Uint32(data))
	if n > maxFrame || int64(len(data)) < frameHead+n {
		return nil, 0, nil, false
	}
	frame, rest = data[frameHead:frameHead+n], data[frameHead+n:]
	sum := crc32.Checksum(data[checked:frameHead+n], table)
	return frame, binary.LittleEndian.Uint32(data[checked:]), rest, sum == binary.LittleEndian.Uint32(data[4:])
}

// Append adds a frame with a number of items. Where the spool is full, the
// oldest frames are dropped.
func (s *Spool) Append(frame []byte, items int) error {
	if len(frame) > maxFrame || int64(frameHead+len(frame)) > s.limit {
		return fmt.Errorf("a frame of %d bytes is more than the spool takes", len(frame))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("the spool is closed")
	}
	if err := s.room(int64(frameHead + len(frame))); err != nil {
		return err
	}
	all := make([]byte, frameHead, frameHead+len(frame))
	binary.LittleEndian.PutUint32(all, uint32(len(frame)))      //nolint:gosec // bounded above
	binary.LittleEndian.PutUint32(all[checked:], uint32(items)) //nolint:gosec // a count of what is in memory
	all = append(all, frame...)
	binary.LittleEndian.PutUint32(all[4:], crc32.Checksum(all[checked:], table))
	n, err := s.current.Write(all)
	last := s.segments[len(s.segments)-1]
	last.bytes += int64(n)
	s.bytes += int64(n)
	if err != nil { // what was written of it is not read; what comes after must not stand behind it
		s.endCurrent()
		s.removeEmptyLast()
		return fmt.Errorf("the spool %s can't be written to: %w", s.own, err)
	}
	last.items += int64(items)
	s.items += int64(items)
	return nil
}

// room begins another file where that is due, and drops the oldest ones where
// there is no room.
func (s *Spool) room(n int64) error {
	for s.bytes+n > s.limit && len(s.segments) > 0 {
		s.dropped += s.segments[0].items
		s.removeFirst()
	}
	if s.current != nil && s.segments[len(s.segments)-1].bytes >= min(segmentBytes, max(s.limit/8, 1)) {
		s.endCurrent()
	}
	if s.current != nil {
		return nil
	}
	// Others that start or end may take or remove a folder that is just made, and
	// people remove it at any time.
	err := s.begin()
	for try := 1; try < beginTries && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, lockfile.ErrHeld)); try++ {
		s.own = ""
		err = s.begin()
	}
	return err
}

const beginTries = 10

// begin begins a file.
func (s *Spool) begin() error {
	if s.own == "" {
		if err := s.makeOwn(); err != nil {
			return err
		}
	}
	s.next++
	f, err := os.OpenFile(filepath.Join(s.own, fmt.Sprintf("%08d"+framesExt, s.next)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the spool %s can't be written to: %w", s.own, err)
	}
	s.current = f
	s.segments = append(s.segments, &segment{path: f.Name()})
	return nil
}

func (s *Spool) makeOwn() error {
	own := filepath.Join(s.dir, s.kind+"-"+uuid.NewString())
	if err := os.MkdirAll(own, 0o700); err != nil {
		return fmt.Errorf("the spool can't be made: %w; let this user write in %s, or name another folder", err, filepath.Dir(s.dir))
	}
	lock, err := os.OpenFile(filepath.Join(own, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := lockfile.Alone(lock); err != nil {
		_ = lock.Close()
		return err
	}
	s.own, s.locks = own, append(s.locks, lock)
	return nil
}

func (s *Spool) endCurrent() {
	_ = s.current.Close() // what is in it was written
	s.current = nil
}

// removeEmptyLast removes the last file where no frame got into it: on a disk
// that is full each try would leave another one.
func (s *Spool) removeEmptyLast() {
	last := s.segments[len(s.segments)-1]
	if last.items > 0 || s.opened == last {
		return
	}
	s.segments = s.segments[:len(s.segments)-1]
	s.bytes -= last.bytes
	_ = os.Remove(last.path) // else it is read again with the next start
}

// removeFirst removes the oldest file.
func (s *Spool) removeFirst() {
	first := s.segments[0]
	if s.current != nil && len(s.segments) == 1 {
		s.endCurrent()
	}
	if s.opened == first {
		s.opened, s.open = nil, nil
	}
	s.segments = s.segments[1:]
	s.bytes -= first.bytes
	s.items -= first.items
	_ = os.Remove(first.path) // else it is read again with the next start
}

// First gives the oldest frame, with the number of its items; nil where there
// is none. It stays until Remove.
func (s *Spool) First() (frame []byte, items int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.segments) > 0 {
		first := s.segments[0]
		if s.opened != first {
			if s.current != nil && len(s.segments) == 1 {
				s.endCurrent()
			}
			s.open, err = os.ReadFile(first.path)
			if errors.Is(err, fs.ErrNotExist) { // somebody removed it
				s.dropped += first.items
				s.removeFirst()
				continue
			}
			if err != nil {
				return nil, 0, fmt.Errorf("the spool %s can't be read: %w", first.path, err)
			}
			s.opened = first
		}
		if frame, n, _, ok := cut(s.open); ok {
			return frame, int(n), nil
		}
		s.dropped += first.items // of a file that is damaged
		s.removeFirst()
	}
	return nil, 0, nil
}

// Remove removes the frame that First gave. Where it was dropped meanwhile,
// nothing happens.
func (s *Spool) Remove(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened == nil || len(frame) == 0 {
		return
	}
	first, n, rest, ok := cut(s.open)
	if !ok || &first[0] != &frame[0] {
		return
	}
	s.open = rest
	s.opened.items -= int64(n)
	s.items -= int64(n)
	if len(rest) == 0 {
		s.removeFirst()
	}
}

// Stats tells what is in a spool.
func (s *Spool) Stats() (items, bytes, dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items, s.bytes, s.dropped
}

// Limit is how many bytes a spool takes.
func (s *Spool) Limit() int64 { return s.limit }

// Close ends the use of a spool. What is in it stays for the next one; folders
// that are empty are removed.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.current != nil {
		s.endCurrent()
	}
	var errs []error
	for _, lock := range s.locks {
		folder := filepath.Dir(lock.Name())
		left, err := framesIn(folder)
		errs = append(errs, err, lock.Close())
		if err == nil && len(left) == 0 {
			_ = os.Remove(lock.Name())
			_ = os.Remove(folder) // another process may be looking at it
		}
	}
	s.locks = nil
	_ = os.Remove(s.dir) // if nothing is in it
	return errors.Join(errs...)
}
