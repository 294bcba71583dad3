package hosting

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
)

var (
	label  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	idForm = regexp.MustCompile(`^([0-9]+-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	// numberForm is a last part that makes clients read a host as an IPv4
	// address: 127.1 and 0x7f.1 are 127.0.0.1.
	numberForm = regexp.MustCompile(`^([0-9]+|0x[0-9a-f]*)$`)
)

// CheckSlug says what is wrong with a slug: it has to be a DNS label, and
// never looks like an id or a uid, which would stand before another mock's.
func CheckSlug(slug string) error {
	switch {
	case !label.MatchString(slug):
		return errors.New("it has to be a DNS label: 1 to 63 of a-z, 0-9 and -, with no - at either end")
	case idForm.MatchString(slug):
		return errors.New("it looks like an id; choose a name")
	}
	return nil
}

// Slug makes a slug of a name.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 50 {
			break
		}
	}
	slug := strings.Trim(b.String(), "-")
	if slug == "" || idForm.MatchString(slug) {
		return "mock"
	}
	return slug
}

// CleanHost reads the host of a mock: lower case, without a port.
func CleanHost(host string) (string, error) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if len(host) > 253 || host == "" {
		return "", errors.New("it has to be a host name such as pets.example.com")
	}
	if host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil || numberForm.MatchString(host[strings.LastIndexByte(host, '.')+1:]) {
		return "", errors.New("an address of the server itself can't be a mock's; a host name such as pets.example.com can")
	}
	for l := range strings.SplitSeq(host, ".") {
		if !label.MatchString(l) {
			return "", fmt.Errorf("%.63q is no part of a host name; write one such as pets.example.com, without a port", l)
		}
	}
	return host, nil
}

var prefixForm = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`)

// CleanPrefix reads the path prefix of a mock: "/" or "/a/b", never below what
// is reserved.
func CleanPrefix(prefix string) (string, error) {
	if prefix == "/" {
		return prefix, nil
	}
	prefix = strings.TrimSuffix(prefix, "/")
	if len(prefix) > 200 || !prefixForm.MatchString(prefix) {
		return "", errors.New("it has to be / or a path such as /pets/v1, of letters, digits and -._~")
	}
	first, _, _ := strings.Cut(prefix[1:], "/")
	switch strings.ToLower(first) {
	case "_mimus", "m":
		return "", fmt.Errorf("/%s is reserved for the server itself", first)
	case ".", "..":
		return "", errors.New("a path has neither . nor .. as a part of it")
	}
	for part := range strings.SplitSeq(prefix[1:], "/") {
		if part == "." || part == ".." {
			return "", errors.New("a path has neither . nor .. as a part of it")
		}
	}
	return prefix, nil
}

// hostOf is the name of a Host header, in lower case, without its port.
func hostOf(host string) string {
	for i := len(host) - 1; i >= 0 && host[i] != ']'; i-- {
		if host[i] == ':' {
			host = host[:i]
			break
		}
	}
	for i := range len(host) {
		if c := host[i]; c >= 'A' && c <= 'Z' {
			return strings.TrimSuffix(strings.ToLower(host), ".")
		}
	}
	return strings.TrimSuffix(host, ".")
}

// CheckHost reads the host of a mock; it is never one that is the server's.
func (m *Mocks) CheckHost(host string) (string, error) {
	host, err := CleanHost(host)
	switch {
	case err != nil:
		return "", err
	case m.domain != "" && (strings.HasSuffix(host, m.domain) || "."+host == m.domain):
		return "", errors.New("it is the server's own domain, where every mock has its address already")
	case host == m.cfg.AdminHost:
		return "", errors.New("it is the host of the management")
	}
	base := m.cfg.Base()
	if i := strings.Index(base, "://"); i >= 0 && hostOf(strings.SplitN(base[i+3:], "/", 2)[0]) == host {
		return "", errors.New("it is the host of the server itself")
	}
	return host, nil
}

// Len is the number of mocks.
func (m *Mocks) Len() int {
	n := 0
	m.byID.Range(func(any, any) bool { n++; return true })
	return n
}

// Compiled is the number of mocks that are compiled.
func (m *Mocks) Compiled() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.live)
}
