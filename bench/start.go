package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// settle is how long a process may rest before its memory is read.
const settle = 2 * time.Second

// measureStart measures the time until a server is ready and the memory that it
// then holds.
func (b *bench) measureStart() error {
	for _, d := range []struct {
		name, path string
		ms, mb     float64
	}{
		{"petstore", "examples/petstore/openapi.yaml", 100, 40},
		{"Asana, 3 MB YAML", "corpus/openapi/asana.yaml", 400, 80},
		{"GitHub, 13 MB JSON", githubDocument, 800, 180},
	} {
		path, err := b.document(d.path)
		if err != nil {
			return err
		}
		if path == "" {
			b.unmeasured("ready: "+d.name, fmt.Sprintf("≤ %.0f ms", d.ms), "needs MIMUS_SHARED")
			b.unmeasured("resident: "+d.name, fmt.Sprintf("≤ %.0f MB", d.mb), "needs MIMUS_SHARED")
			continue
		}
		var times, memory []float64
		for range b.runs {
			p, ready, err := b.startMimus(-1, path)
			if err != nil {
				return err
			}
			time.Sleep(settle)
			mb, err := p.resident()
			p.stop()
			if err != nil {
				return err
			}
			times = append(times, float64(ready.Microseconds())/1000)
			memory = append(memory, mb)
		}
		b.within("ready: "+d.name, median(times), d.ms, "%.0f ms")
		b.within("resident: "+d.name, median(memory), d.mb, "%.0f MB")
	}
	return nil
}

const githubDocument = "corpus/openapi/github-api.json.gz"

// document gives the path of a document: of the corpus where its name begins
// with "corpus/" (unpacked), else of the repository. It is "" where there is no
// corpus.
func (b *bench) document(name string) (string, error) {
	if !strings.HasPrefix(name, "corpus/") {
		return filepath.Abs(filepath.Join(b.root, name))
	}
	if b.shared == "" {
		return "", nil
	}
	path := filepath.Join(b.shared, name)
	if !strings.HasSuffix(path, ".gz") {
		return filepath.Abs(path)
	}
	unpacked := filepath.Join(b.temp, strings.TrimSuffix(filepath.Base(path), ".gz"))
	if _, err := os.Stat(unpacked); err == nil {
		return unpacked, nil
	}
	return unpacked, unpack(path, unpacked)
}

func unpack(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	z, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, z); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
