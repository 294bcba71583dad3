package document

import (
	"testing"

	"go.yaml.in/yaml/v3"
)

func BenchmarkParseJSON(b *testing.B) {
	b.Run("small", func(b *testing.B) {
		benchmarkJSON(b, `{"id":12,"name":"Ada Lovelace","email":"ada@example.com","tags":["a","b"],"address":{"street":"St James Square","city":"London"},"active":true,"balance":12.50}`)
	})
	b.Run("github", func(b *testing.B) { benchmarkJSON(b, corpusText(b, "github-api.json.gz")) })
}

func benchmarkJSON(b *testing.B, text string) {
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := ParseJSON(text, 1, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseYAML(b *testing.B) {
	for _, name := range []string{"asana.yaml", "openai.yaml"} {
		b.Run(name, func(b *testing.B) {
			text := corpusText(b, name)
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, _, err := ParseYAML(text, 1, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, name := range []string{"asana.yaml", "openai.yaml"} {
		b.Run(name+" by the library alone", func(b *testing.B) {
			data := []byte(corpusText(b, name))
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				var n yaml.Node
				if err := yaml.Unmarshal(data, &n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
