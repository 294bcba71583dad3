package document

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// fetched is what a source held, and where it turned out to be.
type fetched struct {
	text     string
	location string
}

func (l *Loader) fetch(ctx context.Context, src source) (fetched, error) {
	switch {
	case l.cfg.Files != nil:
		data, ok := l.cfg.Files[src.key]
		if !ok {
			data, ok = l.cfg.Files["/"+src.key]
		}
		if !ok {
			return fetched{}, fileError(src.name, "file-missing", "the file is not part of the document", "check the reference or add the file", fs.ErrNotExist)
		}
		text, err := l.readAll(strings.NewReader(string(data)), int64(len(data)), src)
		return fetched{text, src.key}, err
	case src.stdin:
		text, err := l.readAll(l.cfg.Stdin, 0, src)
		return fetched{text, src.key}, err
	case src.url != nil:
		return l.fetchURL(ctx, src)
	}
	f, err := l.openFile(src)
	if err != nil {
		return fetched{}, err
	}
	defer f.Close()
	// Pipes can be waited for in vain, regular files can't.
	stop := context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	size := int64(0)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	text, err := l.readAll(f, size, src)
	return fetched{text, src.key}, err
}

// openFile opens a path: any that a person typed, else a regular file inside
// of the root.
func (l *Loader) openFile(src source) (*os.File, error) {
	if src.entry {
		if info, err := os.Stat(src.key); err == nil && info.IsDir() {
			return nil, fileError(src.name, "file-folder", "this is a folder, not a file", "give the file in it", nil)
		}
		f, err := os.Open(src.key)
		if err != nil {
			return nil, missing(src.name, err)
		}
		return f, nil
	}
	root := src.doc.root
	outside := fileError(src.name, "reference-outside", "the file lies outside of the folder "+root, "allow a folder above both with --root", nil)
	real, err := filepath.EvalSymlinks(src.key)
	if err != nil {
		// What is outside must not tell whether it exists.
		if _, ok := inside(root, realPrefix(src.key)); !ok {
			return nil, outside
		}
		return nil, missing(src.name, err)
	}
	rel, ok := inside(root, real)
	if !ok {
		return nil, outside
	}
	info, err := os.Stat(real)
	if err != nil {
		return nil, missing(src.name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, irregular(src.name, info)
	}
	f, err := os.OpenInRoot(root, rel) // again inside, should a link have moved
	if err != nil {
		return nil, missing(src.name, err)
	}
	if info, err = f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, irregular(src.name, info)
	}
	return f, nil
}

// realPrefix resolves the symbolic links of the part of a path that exists.
func realPrefix(path string) string {
	dir, rest := path, ""
	for {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return path
		}
		dir, rest = parent, filepath.Join(filepath.Base(dir), rest)
	}
}

func irregular(name string, info os.FileInfo) *FileError {
	if info != nil && info.IsDir() {
		return fileError(name, "file-folder", "the reference names a folder, not a file", "name the file in it", nil)
	}
	return fileError(name, "file-irregular", "the reference names no regular file", "devices and pipes are not followed", nil)
}

func missing(name string, err error) *FileError {
	if errors.Is(err, fs.ErrNotExist) {
		return fileError(name, "file-missing", "the file does not exist", "check the path", err)
	}
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return fileError(name, "file-unreadable", "the file can't be read: "+err.Error(), "", err)
}

// readAll reads a whole source within the limit, decompressed where it is
// gzip. The size is a guess, 0 for unknown.
func (l *Loader) readAll(r io.Reader, size int64, src source) (string, error) {
	limit := src.doc.bytes
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", missing(src.name, err)
	}
	var in io.Reader = br
	if len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		zr, err := gzip.NewReader(br)
		if err != nil {
			return "", fileError(src.name, "file-unreadable", "the gzip file is damaged: "+err.Error(), "", err)
		}
		in, size = zr, size*8
	}
	var b strings.Builder
	b.Grow(int(min(size, limit)) + 1)
	n, err := io.Copy(&b, io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return "", missing(src.name, err)
	case n > limit:
		return "", fileError(src.name, "limit-bytes", fmt.Sprintf("the document is larger than %d bytes", l.cfg.Limits.Bytes), "raise the limit of the document's size", nil)
	}
	text := b.String()
	if spare := b.Cap() - b.Len(); spare > 1<<16 && spare > b.Len()/8 {
		text = strings.Clone(text)
	}
	return text, nil
}

var (
	errBinary = errors.New("the file is binary, not text")
	errEmpty  = errors.New("the file is empty")
)

// decodeText makes UTF-8 without a byte order mark of UTF-8 or marked UTF-16.
func decodeText(text string) (string, error) {
	switch {
	case strings.HasPrefix(text, "\xEF\xBB\xBF"):
		text = text[3:]
	case strings.HasPrefix(text, "\xFE\xFF"):
		text = decodeUTF16(text[2:], binary.BigEndian)
	case strings.HasPrefix(text, "\xFF\xFE"):
		text = decodeUTF16(text[2:], binary.LittleEndian)
	}
	if strings.IndexByte(text, 0) >= 0 {
		return "", errBinary
	}
	if strings.TrimLeft(text, " \t\r\n") == "" {
		return "", errEmpty
	}
	return text, nil
}

// decodeUTF16 makes UTF-8 of UTF-16 without its byte order mark.
func decodeUTF16(text string, order binary.ByteOrder) string {
	var b strings.Builder
	b.Grow(len(text)/2 + len(text)/8)
	raw := []byte(text)
	for i := 0; i+1 < len(raw); i += 2 {
		r := rune(order.Uint16(raw[i:]))
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(raw) {
				pair = utf16.DecodeRune(r, rune(order.Uint16(raw[i+2:])))
			}
			if pair != utf8.RuneError {
				i += 2
			}
			r = pair
		}
		b.WriteRune(r)
	}
	return b.String()
}
