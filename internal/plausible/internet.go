package plausible

// This file is on the hot path: nothing here allocates.

// appendURL appends an absolute URL under a domain that is reserved for
// examples (RFC 2606).
func (s *Subject) appendURL(dst []byte, b Meaning, salt uint64) []byte {
	r := s.draw(b, salt)
	switch b {
	case AvatarURL:
		dst = append(dst, "https://images.example.com/avatars/"...)
		p := s.person()
		return append(p.appendUsername(dst), ".png"...)
	case ProfileURL:
		dst = append(dst, "https://www.example.com/users/"...)
		p := s.person()
		return p.appendUsername(dst)
	case Website:
		return s.appendDomain(append(dst, "https://www."...))
	case WebhookURL:
		dst = append(dst, "https://hooks.example.com/"...)
		return appendHex(dst, r, 12)
	case APIURL:
		dst = append(dst, "https://api.example.com/v1/"...)
		return appendPadded(append(append(dst, pick(r, apiPaths)...), '/'), numericID(mix(r)), 1)
	case ImageURL:
		dst = append(dst, "https://images.example.com/"...)
		dst = appendHex(dst, r, 10)
		return append(dst, ".png"...)
	case ThumbnailURL:
		dst = append(dst, "https://images.example.com/thumbnails/"...)
		dst = appendHex(dst, r, 10)
		return append(dst, ".png"...)
	case VideoURL:
		dst = append(dst, "https://media.example.com/videos/"...)
		return append(s.appendTitleSlug(dst), ".mp4"...)
	case AudioURL:
		dst = append(dst, "https://media.example.com/audio/"...)
		return append(s.appendTitleSlug(dst), ".mp3"...)
	case DownloadURL:
		dst = append(dst, "https://files.example.com/"...)
		return s.appendFileName(dst)
	case DocsURL:
		return s.appendTitleSlug(append(dst, "https://docs.example.com/"...))
	case RepoURL:
		return s.appendRepo(append(dst, "https://git.example.com/"...))
	case NextURL:
		dst = append(dst, "https://api.example.com/v1/items?cursor="...)
		return appendFrom(dst, r, alnum, 16)
	}
	return s.appendTitleSlug(append(dst, "https://www.example.com/"...))
}

var apiPaths = []string{"items", "orders", "users", "projects", "documents"}

func (s *Subject) appendTitleSlug(dst []byte) []byte {
	return appendSlug(dst, s.topic().title, '-')
}

var apiHosts = []string{"api.example.com", "web-1.example.net", "db.example.org", "node-3.example.net", "mail.example.com", "cdn.example.com"}

// documentationNets are the networks of RFC 5737.
var documentationNets = []string{"192.0.2.", "198.51.100.", "203.0.113."}

// appendNet appends names and numbers of the network, and what is carried in
// headers.
func (s *Subject) appendNet(dst []byte, b Meaning, r uint64) []byte {
	switch b {
	case Hostname:
		return append(dst, pick(r, apiHosts)...)
	case IPv4:
		dst = append(dst, pick(r, documentationNets)...)
		return appendPadded(dst, between(mix(r), 1, 254), 1)
	case IPv6: // RFC 3849
		dst = append(dst, "2001:db8:"...)
		for i := 0; i < 5; i++ {
			r = mix(r)
			dst = appendHex(dst, r, 4)
			dst = append(dst, ':')
		}
		return appendHex(dst, mix(r), 4)
	case CIDR:
		return append(append(dst, pick(r, documentationNets)...), "0/24"...)
	case MAC: // RFC 7042
		dst = append(dst, "00:00:5e:00:53:"...)
		return appendHex(dst, r, 2)
	case MIMEType:
		return append(dst, s.fileType().mime...)
	case URLPath:
		dst = append(dst, '/')
		dst = append(dst, pick(r, apiPaths)...)
		dst = append(dst, '/')
		return s.appendTitleSlug(dst)
	case Query:
		return append(append(append(dst, s.topic().tag1...), ' '), s.topic().tag2...)
	case ETag:
		dst = appendHex(append(dst, '"'), r, 32)
		return append(dst, '"')
	case Token:
		return appendFrom(append(dst, "tok_example_"...), r, alnum, 24)
	case JWT:
		return s.appendJWT(dst, r)
	case APIKey:
		return appendFrom(append(dst, "key_example_"...), r, alnum, 24)
	case Secret:
		return appendFrom(append(dst, "secret_example_"...), r, alnum, 24)
	case Password:
		dst = append(dst, pick(r, passwordWords)...)
		dst = append(dst, '-')
		dst = append(dst, pick(mix(r), passwordWords)...)
		return appendPattern(append(dst, '-'), r, "##!")
	case OneTimeCode:
		return appendPattern(dst, r, "######")
	case Cursor:
		return appendFrom(dst, r, alnum, 22)
	}
	return s.appendCode(dst, b, r)
}

var passwordWords = []string{"Maple", "Otter", "Cloud", "Amber", "River", "Fern", "Comet", "Tiger"}

// appendJWT appends a token of JWT's shape (RFC 7519) whose signature is
// random.
func (s *Subject) appendJWT(dst []byte, r uint64) []byte {
	dst = append(dst, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."...)
	var claims [64]byte
	c := append(claims[:0], `{"sub":"`...)
	c = appendPadded(c, 100000+numericID(r), 6)
	c = append(c, `","iat":`...)
	c = appendPadded(c, s.created(), 1)
	c = append(c, "    }"...)
	for len(c)%3 != 0 {
		c = append(c, ' ')
	}
	dst = appendBase64(dst, string(c))
	dst = append(dst, '.')
	return appendFrom(dst, r, alnum, 43)
}
