package pattern

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

func source(seed uint64) *rand.PCG { return rand.NewPCG(seed, 1) }

func TestMatch_Expressions(t *testing.T) {
	t.Parallel()
	for _, tt := range expressions {
		p, err := Compile(tt.expr)
		if err != nil {
			t.Errorf("Compile(%q): %v", tt.expr, err)
			continue
		}
		if p.String() != tt.expr {
			t.Errorf("String of %q is %q", tt.expr, p.String())
		}
		for _, s := range tt.match {
			if !p.Match(s) {
				t.Errorf("%q does not match %q", tt.expr, s)
			}
		}
		for _, s := range tt.refuse {
			if p.Match(s) {
				t.Errorf("%q matches %q", tt.expr, s)
			}
		}
	}
}

func TestGenerate_Expressions(t *testing.T) {
	t.Parallel()
	for _, tt := range expressions {
		p, err := Compile(tt.expr)
		if err != nil {
			continue // told by TestMatch_Expressions
		}
		for seed := range uint64(20) {
			s, ok := p.Generate(source(seed), 0, -1)
			if ok == tt.barren {
				t.Errorf("Generate(%q) with seed %d: %q, %v", tt.expr, seed, s, ok)
				break
			}
			if ok && !p.Match(s) {
				t.Errorf("Generate(%q) made %q, which does not match", tt.expr, s)
			}
			if seed == 0 && testing.Verbose() && ok {
				t.Logf("%q: %.80q", tt.expr, s)
			}
		}
	}
}

func TestCompile_Errors_TellOffsetAndReason(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		`a(b`:          "offset 1: group without its )",
		`ab)`:          "offset 2: unmatched )",
		`x[a-z`:        "offset 1: [ without its ]",
		`[z-a]`:        "offset 1: range out of order: z-a",
		`*a`:           "offset 0: nothing to repeat before *",
		`a**`:          "offset 2: nothing to repeat before *",
		`^*`:           "offset 0: nothing to repeat: ^*",
		`a{2,1}`:       "offset 0: the numbers of a {n,m} are out of order",
		`{1}`:          "offset 0: nothing to repeat before {",
		`a\`:           `offset 1: nothing after \`,
		`\p{Nonsuch}`:  `offset 0: Unicode property "Nonsuch" is not known`,
		`(?<a>x)\k<b>`: `offset 7: no group is named "b"`,
		`(?<1a>x)`:     `offset 0: "1a" is not a group name`,
		`(?x)a`:        "offset 0: (?x is not known",
		`(?#a`:         "offset 0: comment without its )",
		strings.Repeat("(", 300) + strings.Repeat(")", 300): "groups nest deeper than 250",
	} {
		_, err := Compile(expr)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Compile(%.40q): %v, want %q", expr, err, want)
		}
	}
}

func TestGenerate_Length(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		expr            string
		atLeast, atMost int
	}{
		{`^[a-z]*$`, 20, -1},
		{`^[a-z]*$`, 20, 20},
		{`^[a-z]+$`, 1, 2},
		{`^[A-Za-z0-9_-]{1,64}$`, 40, 64},
		{`^[A-Za-z0-9_-]{1,64}$`, 64, 64},
		{`^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`, 18, 21},
		{`^[a-z]+(?:-[a-z]+)*$`, 30, 31},
		{`^[a-z]+(?:-[a-z]+)*$`, 0, 3},
		{`^(?:abc|de)+$`, 7, 7},
		{`^[^@]+@[^@]+\.[a-z]{2,}$`, 50, 50},
		{`^(?=.{5,10}$)[a-z]+$`, 0, -1},
		{`^(?=.{5,10}$)[a-z]+$`, 8, 300},
		{`foo`, 10, 12},
		{`^foo`, 10, 10},
		{`foo$`, 10, 10},
		{`\d+`, 0, 1},
		{`^.*$`, 5000, 5000},
		{`^\p{L}+$`, 5, 5},
		{`^[\u{1F600}-\u{1F64F}]+$`, 3, 3},
		{``, 3, 3},
		{`^([a-z]{2,3}\d)*$`, 11, 11},
	} {
		p, err := Compile(tt.expr)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(50) {
			s, ok := p.Generate(source(seed), tt.atLeast, tt.atMost)
			if !ok {
				t.Errorf("Generate(%q, %d, %d) with seed %d: none", tt.expr, tt.atLeast, tt.atMost, seed)
				break
			}
			if n := utf8.RuneCountInString(s); n < tt.atLeast || tt.atMost >= 0 && n > tt.atMost {
				t.Errorf("Generate(%q, %d, %d): %q has %d characters", tt.expr, tt.atLeast, tt.atMost, s, n)
			}
		}
	}
}

func TestGenerate_Impossible_GivesUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		expr            string
		atLeast, atMost int
	}{
		{`^a{5}$`, 0, 4},
		{`^a{5}$`, 6, -1},
		{`^(?:ab)+$`, 3, 3},
		{`a`, 5, 4},
		{`^(?:(?:a{1000}){1000}){1000}$`, 0, -1},
		{`^(?:(?:(?:){100000}){100000}){100000}a{3}b$`, 9, 9},
		{`^(?=b)a$`, 0, -1},
	} {
		p, err := Compile(tt.expr)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := p.Generate(source(1), tt.atLeast, tt.atMost); ok {
			t.Errorf("Generate(%q, %d, %d): %.40q", tt.expr, tt.atLeast, tt.atMost, s)
		}
	}
}

// What a seed gives must not change between machines, nor by accident.
func TestGenerate_SameSource_SameString(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		`^[A-Z]{3}-\d{4}$`:              "LFS-6185",
		`^\w+@[a-z]+\.com$`:             "gywg@nucrcb.com",
		`^(?=.*\d)(?=.*[A-Z]).{8,}$`:    "f0Udumszcg",
		`^\p{Script=Greek}{4}[^a-z]{3}`: "ϸήἰἛEWN",
	} {
		p, err := Compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := p.Generate(source(7), 0, -1); got != want {
			t.Errorf("Generate(%q): %q, want %q", expr, got, want)
		}
	}
}

func TestMatchErr_Catastrophe_TimesOut(t *testing.T) {
	t.Parallel()
	p, err := Compile(`^(\w+\s?)*(?=\.)\.$`)
	if err != nil {
		t.Fatal(err)
	}
	s := strings.Repeat("a", 60) + "!"
	if ok, err := p.MatchErr(s); ok || err == nil {
		t.Errorf("MatchErr: %v, %v", ok, err)
	}
	if p.Match(s) {
		t.Error("a match that was given up counts as one")
	}
}

// A large expression on a large text must not take the time of their product.
func TestMatch_Large_IsBounded(t *testing.T) {
	t.Parallel()
	p, err := Compile("(" + strings.Repeat("a*", 5000) + ")b")
	if err != nil {
		t.Fatal(err)
	}
	if p.isFast(1 << 20) {
		t.Error("an engine without a time limit is given 5000 states and a megabyte")
	}
	if p.Match(strings.Repeat("a", 1<<20)) {
		t.Error("matches without its b")
	}
}

func TestMatch_LongText_WithLookAhead(t *testing.T) {
	t.Parallel()
	p, err := Compile(`^(?:(?!<script)[^\x00])+$`)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := p.MatchErr(strings.Repeat("a", 20_000)); !ok || err != nil {
		t.Errorf("MatchErr: %v, %v", ok, err)
	}
}

func TestMatch_Concurrently(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{`^[a-z]+$`, `^(?!b)[a-z]+$`} {
		p, err := Compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for seed := range uint64(8) {
			wg.Go(func() {
				for range 100 {
					if s, ok := p.Generate(source(seed), 0, -1); !ok || !p.Match(s) {
						t.Errorf("%q: %q", expr, s)
					}
				}
			})
		}
		wg.Wait()
	}
}

func BenchmarkMatch(b *testing.B) {
	p, _ := Compile(`^[A-Z]{3}-\d{4}$`)
	b.ReportAllocs()
	for b.Loop() {
		p.Match("ABC-1234")
	}
}

func BenchmarkGenerate(b *testing.B) {
	p, _ := Compile(`^[A-Z]{3}-\d{4}$`)
	src := source(1)
	b.ReportAllocs()
	for b.Loop() {
		p.Generate(src, 0, -1)
	}
}

func BenchmarkGenerate_Password(b *testing.B) {
	p, _ := Compile(`^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[@$!%*?&])[A-Za-z\d@$!%*?&]{8,}$`)
	src := source(1)
	b.ReportAllocs()
	for b.Loop() {
		p.Generate(src, 0, -1)
	}
}

func FuzzCompile(f *testing.F) {
	for _, tt := range expressions {
		f.Add(tt.expr, uint64(1), uint8(0), uint8(20))
	}
	f.Fuzz(func(t *testing.T, expr string, seed uint64, atLeast, atMost uint8) {
		if len(expr) > 200 {
			return
		}
		p, err := Compile(expr)
		if err != nil {
			return
		}
		s, ok := p.Generate(source(seed), int(atLeast), int(atMost))
		if !ok {
			return
		}
		if !p.Match(s) {
			t.Errorf("Generate(%q) made %q, which does not match", expr, s)
		}
		if n := utf8.RuneCountInString(s); n < int(atLeast) || n > int(atMost) {
			t.Errorf("Generate(%q, %d, %d) made %q", expr, atLeast, atMost, s)
		}
	})
}
