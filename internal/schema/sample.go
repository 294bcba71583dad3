package schema

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/plausible"
)

// SampleBytes gives a small valid file of a binary media type; ok is false for
// types that it doesn't know.
func SampleBytes(mediaType string) (data []byte, ok bool) {
	t, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	var b bytes.Buffer
	var err error
	switch strings.TrimSpace(t) {
	case "image/png", "image/apng":
		err = png.Encode(&b, picture())
	case "image/jpeg", "image/jpg":
		err = jpeg.Encode(&b, picture(), nil)
	case "image/gif":
		err = gif.Encode(&b, picture(), nil)
	case "image/webp":
		data, err = base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
		return data, err == nil
	case "image/svg+xml":
		b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="#3b82f6"/></svg>`)
	case "image/bmp":
		b.Write(bitmap())
	case "application/pdf":
		b.Write(pdf())
	case "application/zip", "application/x-zip-compressed", "application/java-archive", "application/epub+zip":
		err = zipped(&b)
	case "application/gzip", "application/x-gzip":
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte("mimus\n"))
		err = z.Close()
	case "application/x-tar":
		err = tarred(&b)
	case "audio/wav", "audio/x-wav", "audio/wave":
		b.Write(wave())
	case "application/octet-stream":
		b.WriteString("mimus\n")
	default:
		return nil, false
	}
	return b.Bytes(), err == nil
}

func picture() image.Image {
	m := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.RGBA{59, 130, 246, 255}})
	for i := range m.Pix {
		m.Pix[i] = uint8((i/8 + i%8) % 2)
	}
	return m
}

// bitmap is a 1×1 picture of 24 bits.
func bitmap() []byte {
	b := make([]byte, 58)
	copy(b, "BM")
	b[2], b[10], b[14], b[18], b[22], b[26], b[28] = 58, 54, 40, 1, 1, 1, 24
	b[34] = 4
	b[54], b[55], b[56] = 246, 130, 59
	return b
}

// pdf is one empty page, with the offsets that its cross-reference needs.
func pdf() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>",
	}
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%sendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func zipped(b *bytes.Buffer) error {
	z := zip.NewWriter(b)
	f, err := z.CreateHeader(&zip.FileHeader{Name: "readme.txt", Modified: plausible.Epoch, Method: zip.Store})
	if err != nil {
		return err
	}
	if _, err := f.Write([]byte("mimus\n")); err != nil {
		return err
	}
	return z.Close()
}

func tarred(b *bytes.Buffer) error {
	t := tar.NewWriter(b)
	if err := t.WriteHeader(&tar.Header{Name: "readme.txt", Mode: 0o644, Size: 6, ModTime: plausible.Epoch.Truncate(time.Second)}); err != nil {
		return err
	}
	if _, err := t.Write([]byte("mimus\n")); err != nil {
		return err
	}
	return t.Close()
}

// wave is an empty sound of 8 kHz, 8 bits, one channel.
func wave() []byte {
	b := []byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x00\x00\x00")
	return b
}
