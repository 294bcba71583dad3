// Package access says who may do what: keys with their scopes, and the rules
// for a server that has none.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/big"
	"net/http"
	"strings"
)

// Scope is how much a key may do; each includes those before it.
type Scope uint8

// The scopes: calling private mocks, reading, changing, and keys, hosts and
// root prefixes.
const (
	None Scope = iota
	Call
	View
	Edit
	Admin
)

var scopeNames = [...]string{"none", "call", "view", "edit", "admin"}

func (s Scope) String() string { return scopeNames[s] }

// ParseScope reads the name of a scope.
func ParseScope(name string) (Scope, error) {
	for i, n := range scopeNames {
		if i > 0 && n == name {
			return Scope(i), nil
		}
	}
	return None, fmt.Errorf("there is no scope %.40q; there are admin, edit, view and call", name)
}

// Prefix is what every key begins with. A value that begins so is ours
// wherever it stands.
const Prefix = "mimus_"

const (
	secretLen   = 24 // characters of base 62: 142 bits
	checksumLen = 6
	base62      = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// NewKey makes a key: the prefix, 142 random bits, a checksum that tells a key
// that was cut or mistyped from one that is not known.
func NewKey() string {
	var b strings.Builder
	b.WriteString(Prefix)
	size := big.NewInt(int64(len(base62)))
	for range secretLen {
		n, err := rand.Int(rand.Reader, size)
		if err != nil {
			panic(err) // the system's randomness never fails
		}
		b.WriteByte(base62[n.Int64()])
	}
	return b.String() + checksum(b.String())
}

// checksum is a CRC-32 in base 62.
func checksum(s string) string {
	sum := crc32.ChecksumIEEE([]byte(s))
	var out [checksumLen]byte
	for i := range out {
		out[checksumLen-1-i] = base62[sum%62]
		sum /= 62
	}
	return string(out[:])
}

// WellFormed reports whether a text is a key by its form and checksum.
func WellFormed(key string) bool {
	n := len(key) - checksumLen
	return strings.HasPrefix(key, Prefix) && n == len(Prefix)+secretLen && checksum(key[:n]) == key[n:]
}

// Hash is what is kept of a key: its SHA-256 in hexadecimal.
func Hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Hint is what is shown of a key, so that people can tell theirs.
func Hint(key string) string { return key[:len(Prefix)] + "…" + key[len(key)-4:] }

// Take finds the key of a request in x-api-key (Postman's header),
// Authorization: Bearer, or x-mimus-key, and takes it out of the header: what
// is ours reaches neither matching, validation, log nor an upstream. A value
// that does not begin with the prefix belongs to the API that is mocked and
// stays. "" means that there is none.
func Take(h http.Header) string {
	var found string
	for _, name := range [...]string{"X-Api-Key", "X-Mimus-Key", "Authorization"} {
		values := h[name]
		if len(values) == 0 {
			continue
		}
		kept := values[:0:0]
		for _, v := range values {
			key := strings.TrimSpace(v)
			if name == "Authorization" {
				scheme, rest, ok := strings.Cut(key, " ")
				if !ok || !strings.EqualFold(scheme, "Bearer") {
					kept = append(kept, v)
					continue
				}
				key = strings.TrimSpace(rest)
			}
			if !strings.HasPrefix(key, Prefix) {
				kept = append(kept, v)
				continue
			}
			if found == "" {
				found = key
			}
		}
		switch {
		case len(kept) == len(values):
		case len(kept) == 0:
			delete(h, name)
		default:
			h[name] = kept
		}
	}
	return found
}
