package plausible

// appendCode appends identities, digests, keys, and names of files and of
// versions.
func (s *Subject) appendCode(dst []byte, b Meaning, r uint64) []byte {
	start := len(dst)
	switch b {
	case ID, UUID, Reference, RequestID:
		return appendUUID(dst, r)
	case ULID:
		return s.appendULID(dst, r)
	case ObjectID:
		return appendHex(dst, r, 24)
	case NodeID:
		var buf [24]byte
		return appendBase64(dst, string(appendPadded(append(buf[:0], "04:Node"...), numericID(r), 6)))
	case NumericID:
		return appendPadded(dst, 1000000000+numericID(r)*7919, 10)
	case Code:
		return appendPattern(dst, r, "??-####")
	case SerialNumber:
		return appendPattern(dst, r, "SN??-####-####")
	case TrackingNumber:
		return appendPattern(dst, r, "1Z############")
	case LicensePlate:
		return appendPattern(dst, r, "???-####")
	case VIN:
		return appendVIN(dst, r)
	case IMEI:
		return appendLuhn(appendPattern(append(dst, "00440000"...), r, "######"), start)
	case SSN: // area 000 is never given
		return appendPattern(append(dst, "000-"...), r, "##-####")
	case PassportNumber:
		return appendPattern(dst, r, "X########")
	case SHA256:
		return appendHex(dst, r, 64)
	case SHA512:
		return appendHex(dst, r, 128)
	case SHA1, CommitSHA:
		return appendHex(dst, r, 40)
	case MD5:
		return appendHex(dst, r, 32)
	case Digest:
		return appendHex(append(dst, "sha256:"...), r, 64)
	case Fingerprint:
		for i := 0; i < 20; i++ {
			if i > 0 {
				dst = append(dst, ':')
			}
			dst = appendHex(dst, r+uint64(i), 2)
		}
		return dst
	case Signature:
		return append(appendFrom(dst, r, base64Digits, 86), "=="...)
	case Base64:
		return appendBase64(dst, pick(r, sentences))
	case PublicKey:
		return appendFrom(append(dst, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"...), r, base64Digits, 43)
	case Certificate:
		dst = append(dst, "-----BEGIN CERTIFICATE-----\nMIIB"...)
		dst = appendFrom(dst, r, base64Digits, 60)
		return append(dst, "\n-----END CERTIFICATE-----\n"...)
	case FileName:
		return s.appendFileName(dst)
	case FilePath:
		dst = append(append(dst, pick(r, listDirectory)...), '/')
		return s.appendFileName(dst)
	case Extension:
		return append(dst, s.fileType().ext...)
	case DataURI:
		return append(dst, "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"...)
	case RepoFullName:
		return s.appendRepo(dst)
	case GitTag:
		return s.appendVersion(append(dst, 'v'))
	case Version:
		return s.appendVersion(dst)
	case FlightNumber:
		return appendPattern(dst, r, "XX####")
	case Seat:
		dst = appendPadded(dst, between(r, 1, 38), 1)
		return append(dst, "ABCDEF"[below(mix(r), 6)])
	}
	return s.appendWords(dst, 2, r)
}

func (s *Subject) appendVersion(dst []byte) []byte {
	r := s.draw(Version, 0)
	dst = appendPadded(dst, between(r, 1, 4), 1)
	dst = append(dst, '.')
	dst = appendPadded(dst, below(mix(r), 20), 1)
	dst = append(dst, '.')
	return appendPadded(dst, below(mix(mix(r)), 10), 1)
}

func (s *Subject) appendRepo(dst []byte) []byte {
	dst = appendSlug(dst, s.company(), '-')
	dst = append(dst, '/')
	return append(dst, pick(s.draw(RepoName, 0), listRepoName)...)
}

// fileType is an extension with the media type that fits it.
type fileType struct{ ext, mime string }

var fileTypes = [...]fileType{
	{"pdf", "application/pdf"},
	{"png", "image/png"},
	{"jpg", "image/jpeg"},
	{"csv", "text/csv"},
	{"txt", "text/plain"},
	{"json", "application/json"},
	{"zip", "application/zip"},
	{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
}

func (s *Subject) fileType() *fileType {
	return &fileTypes[below(s.draw(Extension, 0), len(fileTypes))]
}

func (s *Subject) appendFileName(dst []byte) []byte {
	dst = s.appendTitleSlug(dst)
	dst = append(dst, '.')
	return append(dst, s.fileType().ext...)
}
