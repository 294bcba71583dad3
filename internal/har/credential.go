package har

import (
	"strings"
	"unicode"
)

// Credential reports whether a header, a parameter, a cookie or a member of a
// body is a credential by its name, however its words are joined (api_key,
// apiKey, X-Api-Key):
//
//   - Authorization, Proxy-Authorization, Cookie, Set-Cookie, auth, JWT, bearer
//   - what ends in token (access_token, X-Auth-Token, X-Amz-Security-Token,
//     csrf …), but for tokens of paging (nextPageToken, continuation_token)
//   - what ends in secret, password, passwd, pwd, passphrase, passcode, otp,
//     credential, signature, sig or hmac (client_secret, X-Amz-Signature, sig)
//   - what ends in API, access, secret, private, auth, shared, subscription,
//     master, user or function key (apikey, X-Api-Key, Ocp-Apim-Subscription-Key)
//   - sessions: sid, session id, PHPSESSID, JSESSIONID and the like
//   - what begins with password and repeats it (password_confirmation)
func Credential(name string) bool {
	words := wordsOf(name)
	if len(words) == 0 {
		return false
	}
	last, before := words[len(words)-1], ""
	if len(words) > 1 {
		before = words[len(words)-2]
	}
	switch strings.Join(words, "") {
	case "authorization", "proxyauthorization", "cookie", "cookie2", "setcookie", "setcookie2", "auth", "xauth", "jwt", "bearer", "pass",
		"sid", "connectsid", "sessionid", "xsessionid", "session", "phpsessid", "jsessionid", "aspnetsessionid", "asp.netsessionid", "csrf", "xsrf", "xcsrf", "googleaccessid",
		"code_verifier", "codeverifier", "samlresponse", "samlrequest", "awsaccesskeyid":
		return true
	}
	switch last {
	case "token", "tokens":
		return !pages(before)
	case "secret", "password", "passwd", "pwd", "passphrase", "passcode", "otp", "totp", "credential", "credentials", "signature", "sig", "hmac", "assertion", "jwt":
		return true
	case "key":
		return keyed(before)
	case "id":
		return before == "session"
	}
	for _, end := range []string{
		"apikey", "accesskey", "secretkey", "privatekey", "authkey", "userkey", "password", "clientsecret",
		"accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "csrftoken", "xsrftoken", "securitytoken", "bearertoken", "devicetoken", "usertoken",
		"authenticitytoken", "csrfmiddlewaretoken", "verificationtoken", "sessid",
	} {
		if strings.HasSuffix(last, end) {
			return true
		}
	}
	return words[0] == "password" && repeats(words[1])
}

// pages reports whether a token before which the word stands is a place in a
// list.
func pages(word string) bool {
	switch word {
	case "page", "next", "prev", "previous", "continuation", "continue", "cursor", "sync", "pagination", "cancel", "cancellation",
		"max", "total", "prompt", "completion", "input", "output", "cached", "reasoning", "used":
		return true
	}
	return false
}

// keyed reports whether a key before which the word stands opens something.
func keyed(word string) bool {
	switch word {
	case "api", "access", "secret", "private", "auth", "shared", "subscription", "master", "user", "function", "functions", "encryption", "signing", "license", "client", "app", "application":
		return true
	}
	return false
}

func repeats(word string) bool {
	switch word {
	case "confirmation", "confirm", "again", "repeat", "repeated", "verify", "old", "new", "current", "hash", "salt":
		return true
	}
	return strings.Trim(word, "0123456789") == ""
}

// maxName bounds the names that are looked at.
const maxName = 200

// wordsOf splits a name into words in lower case: at what is neither letter nor
// digit, and between a small and a capital letter.
func wordsOf(name string) []string {
	if len(name) > maxName {
		return nil
	}
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	small := false
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			end()
			small = false
			continue
		}
		if unicode.IsUpper(r) && small {
			end()
		}
		small = unicode.IsLower(r)
		word = append(word, unicode.ToLower(r))
	}
	end()
	return words
}

// secretValue reports whether a text is a credential whatever its name: a JSON
// Web Token, or a scheme with one.
func secretValue(s string) bool {
	if rest, ok := cutFold(s, "bearer "); ok {
		return len(rest) >= 16 && !strings.ContainsAny(rest, " {<")
	}
	if len(s) < 30 || len(s) > 1<<16 || !strings.HasPrefix(s, "eyJ") {
		return false
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 && len(parts) != 5 {
		return false
	}
	for _, p := range parts {
		for i := range len(p) {
			if !base64URL(p[i]) {
				return false
			}
		}
	}
	return true
}

func cutFold(s, prefix string) (rest string, ok bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// secretParameter is Credential for the parameters of a query: of a "key" its
// value tells, for that is how Google's APIs name theirs.
func secretParameter(name, value string) bool {
	return Credential(name) || secretValue(value) || strings.EqualFold(name, "key") && len(value) >= 20 && !strings.ContainsAny(value, " /.:,")
}

func base64URL(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}
