package format

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// names are all formats the package knows.
var names = strings.Fields(`
date-time date time duration email idn-email hostname host-name idn-hostname ipv4 ip-address ipv6
uri uri-reference uriref iri iri-reference uri-template uuid guid json-pointer relative-json-pointer
json-pointer-uri-fragment regex
byte base64 base64url binary char commonmark markdown html password date-time-local time-local
http-date media-range sf-string sf-token sf-binary sf-boolean sf-integer sf-decimal
int8 int16 int32 int64 uint8 uint16 uint32 uint64 double-int float double decimal decimal128 unixtime unix-time
url ip datetime iso-date-time iso-time phone phone-number tel e164 mac mac-address slug ulid
iso-country-code country-code country currency currency-code iso-4217 bcp47 locale language timezone time-zone
semver md5 sha1 sha256 sha512 hex hex-color color credit-card`)

func seeded(seed uint64) *rand.PCG { return rand.NewPCG(seed, 1) }

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range checks {
		for _, s := range tt.valid {
			if !Check(tt.name, s) {
				t.Errorf("Check(%q, %q) is false", tt.name, s)
			}
		}
		for _, s := range tt.invalid {
			if Check(tt.name, s) {
				t.Errorf("Check(%q, %q) is true", tt.name, s)
			}
		}
	}
}

// What is made must be right by the package's own rules.
func TestMake_PassesCheck(t *testing.T) {
	t.Parallel()
	for _, name := range names {
		if !Known(name) {
			t.Errorf("%q is not known", name)
		}
		for seed := range uint64(200) {
			s, ok := Make(name, seeded(seed))
			if !ok || s == "" || !Check(name, s) {
				t.Errorf("Make(%q) with seed %d: %q, %v", name, seed, s, ok)
				break
			}
			if CheckNumber(name, "x") {
				continue // no format of numbers
			}
			if !CheckNumber(name, s) {
				t.Errorf("Make(%q) with seed %d: %q is no such number", name, seed, s)
			}
		}
	}
}

func TestMake_Times_WithinNinetyDays(t *testing.T) {
	t.Parallel()
	epoch := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for seed := range uint64(200) {
		s, _ := Make("date-time", seeded(seed))
		at, err := time.Parse(time.RFC3339, s)
		if err != nil || at.Before(epoch) || at.After(epoch.AddDate(0, 0, 90)) {
			t.Errorf("seed %d: %q, %v", seed, s, err)
		}
	}
}

// What a seed gives must not change between machines, nor by accident.
func TestMake_SameBits_SameString(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, name := range names {
		s, _ := Make(name, seeded(42))
		fmt.Fprintf(&b, "%s\t%s\n", name, s)
	}
	golden := filepath.Join("testdata", "make.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUnknown_AcceptsAll_MakesNone(t *testing.T) {
	t.Parallel()
	if Known("nonsuch") || !Check("nonsuch", "x") || !CheckNumber("nonsuch", "1.5") {
		t.Error("an unknown format is checked")
	}
	if s, ok := Make("nonsuch", seeded(1)); ok || s != "" {
		t.Errorf("an unknown format is made: %q", s)
	}
}

func TestCheckNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		valid, invalid string
	}{
		{"int8", "0 -0 -128 127 1.0 1e2 1270e-1", "128 -129 1.5 1e3"},
		{"int16", "-32768 32767", "32768 -32769"},
		{"int32", "0 1.0 -2147483648 2147483647 2.147483647e9 0e999999999999 0.0", "2147483648 -2147483649 1.5 1e10 1e-1 01 +1 1. .5 1e 0x1 NaN x"},
		{"int64", "-9223372036854775808 9223372036854775807 1e18", "9223372036854775808 -9223372036854775809 1e19 1e999999999999"},
		{"uint8", "0 255 -0", "256 -1"},
		{"uint16", "65535", "65536 -1"},
		{"uint32", "4294967295", "4294967296 -1"},
		{"uint64", "18446744073709551615 0", "18446744073709551616 -1 0.5"},
		{"double-int", "9007199254740991 -9007199254740991", "9007199254740992 0.5"},
		{"float", "1.5 3.4028234e38 1e-60 -0.1", "3.5e38 1e309 x"},
		{"double", "1e308 5e-324 1e-999", "1e309 -1e309 1.e5"},
		{"decimal", "0.1 1e400", "x 1,5"},
		{"sf-integer", "999999999999999", "1000000000000000"},
		{"unixtime", "1735689600", "0.5"},
		{"date-time", "1 1.5", ""},
	} {
		for _, literal := range strings.Fields(tt.valid) {
			if !CheckNumber(tt.name, literal) {
				t.Errorf("CheckNumber(%q, %q) is false", tt.name, literal)
			}
		}
		for _, literal := range strings.Fields(tt.invalid) {
			if CheckNumber(tt.name, literal) {
				t.Errorf("CheckNumber(%q, %q) is true", tt.name, literal)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, tt := range checks {
		for _, s := range append(tt.valid, tt.invalid...) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, name := range names {
			if name == "regex" {
				continue // package pattern has its own
			}
			Check(name, s)
			CheckNumber(name, s)
		}
		if Check("uri", s) && !(Check("iri", s) && Check("uri-reference", s) && Check("iri-reference", s)) {
			t.Errorf("%q is a URI, but not an IRI and a reference", s)
		}
		if Check("hostname", s) && !Check("idn-hostname", s) {
			t.Errorf("%q is a host name, but not an internationalized one", s)
		}
		if Check("email", s) && !Check("idn-email", s) {
			t.Errorf("%q is an address, but not an internationalized one", s)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	for name, s := range map[string]string{
		"date-time": "2025-01-31T12:30:45.123Z",
		"uuid":      "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
		"email":     "ada.lovelace@example.com",
		"ipv4":      "192.0.2.255",
		"uri":       "https://example.com/articles/12?page=2#top",
		"hostname":  "www.example.com",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Check(name, s)
			}
		})
	}
}
