package convert

import (
	"strings"
	"unicode"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// CurlOptions tell what a collection doesn't. The zero value takes all from the
// collection.
type CurlOptions struct {
	// Base replaces the base of URLs whose host is not known:
	// "http://localhost:4010". Empty means the shell variable baseUrl, or the
	// collection's own name for it.
	Base string

	// Variables are those of an environment; they win over the collection's.
	Variables []definition.Variable
}

// ToCurl writes each request of a collection as a curl command for a POSIX
// shell, under a comment with its folders and name. Variables have their
// values; one that has none, or is secret, is a shell variable that the text
// begins with a list of. Auth that curl can't do is told in a comment.
func ToCurl(c *postman.Collection, o CurlOptions) []byte {
	var w collector
	w.collect(c, o.Variables)
	vars := shellVariables{names: map[string]string{}, taken: uniqueNames{}}
	var commands strings.Builder
	for _, s := range w.samples {
		if s.example != nil && s.owner != nil {
			continue
		}
		cmd := &command{sample: s, vars: &vars, base: strings.TrimRight(o.Base, "/")}
		commands.WriteByte('\n')
		commands.WriteString(cmd.text())
	}
	var out strings.Builder
	out.WriteString("# " + oneLine(c.Name) + "\n")
	if len(vars.list) > 0 {
		out.WriteString("#\n# Set these first:\n")
		for _, name := range vars.list {
			out.WriteString("#   " + name + "=…\n")
		}
	}
	out.WriteString(commands.String())
	return []byte(out.String())
}

// command is one curl command that is being written.
type command struct {
	sample *sample
	vars   *shellVariables
	base   string
	query  []string // of auth
	lines  []string
	notes  []string
}

func (c *command) text() string {
	s := c.sample
	c.auth()
	c.headers()
	hasBody := c.body()
	var first strings.Builder
	first.WriteString("curl")
	switch {
	case s.method == "HEAD" && !hasBody:
		first.WriteString(" --head")
	case s.method == "GET" && !hasBody, s.method == "POST" && hasBody:
	default:
		first.WriteString(" -X " + c.quoteUnlessPlain(s.method))
	}
	url := c.url()
	if strings.ContainsAny(url, "[]") {
		first.WriteString(" --globoff")
	}
	if strings.HasPrefix(url, "-") {
		first.WriteString(" --url") // else it would be an option
	}
	first.WriteString(" " + c.quote(url))

	var b strings.Builder
	names := append(append([]string(nil), s.folders...), itemName(s.item))
	for i := range names {
		names[i] = oneLine(names[i])
	}
	b.WriteString("# " + strings.Join(names, " / ") + "\n")
	for _, n := range c.notes {
		b.WriteString("# " + oneLine(n) + "\n")
	}
	b.WriteString(first.String())
	for _, l := range c.lines {
		b.WriteString(" \\\n  " + l)
	}
	b.WriteByte('\n')
	return b.String()
}

func (c *command) resolve(text string) string { return c.sample.scope.resolve(text) }

// option adds an option with a quoted value.
func (c *command) option(name, value string) {
	c.lines = append(c.lines, name+" "+c.quote(value))
}

// url writes the URL with its path variables and what is on of its query.
func (c *command) url() string {
	u := c.sample.url
	var b strings.Builder
	b.WriteString(c.host(u))
	for _, seg := range u.Path {
		b.WriteByte('/')
		b.WriteString(c.segment(seg.Value, u.Params))
	}
	sep := byte('?')
	add := func(text string) {
		b.WriteByte(sep)
		b.WriteString(text)
		sep = '&'
	}
	for _, f := range c.sample.query {
		if f.Disabled || f.Key == "" && f.Value == "" {
			continue
		}
		pair := encodeURL(c.resolve(f.Key))
		if f.Literal == nil || f.Literal.Kind != definition.Null {
			pair += "=" + encodeURL(c.resolve(f.Value))
		}
		add(pair)
	}
	for _, pair := range c.query {
		add(pair)
	}
	return b.String()
}

func (c *command) host(u *postman.URL) string {
	host := c.resolve(strings.Join(u.Host, "."))
	_, variable := wholeVariable(host)
	if path := strings.TrimRight(host, "/"); strings.HasPrefix(host, "/") { // a base without a host, as that of a document without servers
		if c.base == "" {
			return "{{baseUrl}}" + path
		}
		return c.base + path
	}
	switch {
	case host == "" && c.base == "":
		return "{{baseUrl}}"
	case (host == "" || variable) && c.base != "":
		return c.base
	}
	if port := c.resolve(u.Port); port != "" {
		host += ":" + port
	}
	if scheme := c.resolve(u.Protocol); scheme != "" && !strings.Contains(host, "://") {
		host = scheme + "://" + host
	}
	return strings.TrimRight(host, "/")
}

func (c *command) segment(text string, params []*postman.Variable) string {
	name, ok := strings.CutPrefix(text, ":")
	if !ok || name == "" {
		p := literal(text, nil)
		if p.param && p.named && !strings.HasPrefix(text, "{{") {
			return "{{" + p.name + "}}" // "{id}", as in OpenAPI
		}
		return encodeURL(c.resolve(text))
	}
	for _, v := range params {
		if v.Key == name && !v.Disabled && v.Text() != "" {
			return strings.ReplaceAll(encodeURL(c.resolve(v.Text())), "/", "%2F")
		}
	}
	return "{{" + name + "}}"
}

// encodeURL encodes what no URL has, and leaves alone what is encoded and what
// is still a variable.
func encodeURL(text string) string {
	var b strings.Builder
	for {
		before, name, after, ok := cutVariable(text)
		for i := range len(before) {
			ch := before[i]
			if ch <= ' ' || ch >= 0x7f || strings.IndexByte("\"<>\\^`{}|#&?[]", ch) >= 0 {
				b.WriteString("%" + string("0123456789ABCDEF"[ch>>4]) + string("0123456789ABCDEF"[ch&15]))
				continue
			}
			b.WriteByte(ch)
		}
		if !ok {
			return b.String()
		}
		b.WriteString("{{" + name + "}}")
		text = after
	}
}

// headers adds the headers that are on.
func (c *command) headers() {
	for _, f := range fieldsOn(c.sample.request.Header) {
		name := strings.TrimSpace(c.resolve(f.Key))
		lower := strings.ToLower(name)
		value := strings.TrimSpace(strings.NewReplacer("\r", "", "\n", " ").Replace(c.resolve(f.Value)))
		switch {
		case lower == "content-length", lower == "postman-token":
		case lower == "content-type" && c.sends("formdata"):
			// curl writes it, with the boundary
		case value == "":
			c.option("-H", name+";") // curl: a header without a value
		default:
			c.option("-H", name+": "+value)
		}
	}
}

func (c *command) sends(mode string) bool {
	b := c.sample.request.Body
	return b != nil && !b.Disabled && b.Mode == mode
}

// auth adds what the request's auth sends, unless the headers have it.
func (c *command) auth() {
	a := c.sample.auth
	if a == nil || a.Type == "noauth" || a.Type == "none" {
		return
	}
	param := func(key string) string { return c.resolve(a.Param(key)) }
	orVariable := func(value, name string) string {
		if value == "" {
			return "{{" + name + "}}"
		}
		return value
	}
	if a.Type != "apikey" && c.sample.header("Authorization") != "" {
		return
	}
	user := func() string {
		return orVariable(param("username"), "username") + ":" + orVariable(param("password"), "password")
	}
	switch a.Type {
	case "basic":
		c.option("-u", user())
	case "digest":
		c.lines = append(c.lines, "--digest -u "+c.quote(user()))
	case "ntlm":
		c.lines = append(c.lines, "--ntlm -u "+c.quote(user()))
	case "bearer":
		c.option("-H", "Authorization: Bearer "+orVariable(param("token"), "token"))
	case "oauth2":
		c.oauth2(orVariable(param("accessToken"), "accessToken"), param("addTokenTo"), param("headerPrefix"))
	case "apikey":
		name, value := orVariable(param("key"), "apiKeyName"), orVariable(param("value"), "apiKey")
		if param("in") == "query" {
			c.query = append(c.query, encodeURL(name)+"="+encodeURL(value))
		} else if c.sample.header(name) == "" {
			c.option("-H", name+": "+value)
		}
	case "awsv4":
		service := []string{"aws", "amz"}
		for _, key := range []string{"region", "service"} {
			if v := param(key); v != "" {
				service = append(service, v)
			}
		}
		c.option("--aws-sigv4", strings.Join(service, ":"))
		c.option("-u", orVariable(param("accessKey"), "accessKey")+":"+orVariable(param("secretKey"), "secretKey"))
		if t := param("sessionToken"); t != "" {
			c.option("-H", "x-amz-security-token: "+t)
		}
	default:
		c.notes = append(c.notes, "The auth of this request ("+a.Type+") has to be added: curl can't make it.")
	}
}

func (c *command) oauth2(token, in, prefix string) {
	if in == "queryParams" {
		c.query = append(c.query, "access_token="+encodeURL(token))
		return
	}
	if prefix = strings.TrimSpace(prefix); prefix == "" {
		prefix = "Bearer"
	}
	c.option("-H", "Authorization: "+prefix+" "+token)
}

// body adds the body; false where there is none.
func (c *command) body() bool {
	b := c.sample.request.Body
	if b == nil || b.Disabled {
		return false
	}
	before := len(c.lines)
	switch b.Mode {
	case "raw", "":
		if b.Raw != "" {
			text := c.resolve(b.Raw)
			c.contentType(rawMedia(b, text))
			c.option("--data-raw", text)
		}
	case "urlencoded":
		for _, f := range fieldsOn(b.URLEncoded) {
			c.option("--data-urlencode", encodeURL(strings.ReplaceAll(c.resolve(f.Key), "=", "%3D"))+"="+c.resolve(f.Value))
		}
	case "formdata":
		for _, f := range fieldsOn(b.Form) {
			c.part(f)
		}
	case "graphql":
		if v, ok := graphQL(b.GraphQL, c.sample.scope); ok {
			c.contentType("application/json")
			c.option("--data-raw", string(v.AppendJSON(nil)))
		}
	case "file":
		c.contentType(mediaBytes)
		switch content := b.File.Get("content"); {
		case content.Str() != "":
			c.option("--data-raw", c.resolve(content.Text))
		default:
			c.option("--data-binary", "@"+orVariablePath(b.File.Get("src").Str()))
		}
	}
	return len(c.lines) > before
}

func orVariablePath(path string) string {
	if path == "" {
		return "{{file}}"
	}
	return path
}

// contentType states a media type where no header does.
func (c *command) contentType(media string) {
	if c.sample.header("Content-Type") == "" {
		c.option("-H", "Content-Type: "+media)
	}
}

// part adds a field of a multipart form.
func (c *command) part(f *postman.Field) {
	name := c.resolve(f.Key)
	media := ""
	if f.ContentType != "" {
		media = ";type=" + f.ContentType
	}
	if f.Type != "file" {
		value := c.resolve(f.Value)
		if media == "" {
			c.option("--form-string", name+"="+value)
		} else {
			c.option("-F", name+"="+quotePart(value)+media)
		}
		return
	}
	paths := []string{f.Src.Str()}
	if f.Src.Is(definition.Array) {
		paths = nil
		for i := range f.Src.Kids {
			paths = append(paths, f.Src.Kids[i].Str())
		}
	}
	for _, p := range paths {
		c.option("-F", name+"=@"+quotePart(orVariablePath(p))+media)
	}
}

// quotePart quotes for curl's own syntax of forms.
func quotePart(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// oneLine makes a text fit for a comment.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// shellVariables are the variables that a text leaves to the shell.
type shellVariables struct {
	list  []string
	names map[string]string // by the collection's name
	taken uniqueNames
}

// name gives the shell's name for a variable.
func (v *shellVariables) name(variable string) string {
	if name, ok := v.names[variable]; ok {
		return name
	}
	clean := strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, strings.TrimPrefix(variable, "$"))
	if clean = strings.Trim(clean, "_"); clean == "" || clean[0] >= '0' && clean[0] <= '9' {
		clean = "v" + clean
	}
	switch clean {
	case "PATH", "HOME", "IFS", "PWD", "USER", "SHELL": // the shell's own
		clean = "my_" + clean
	}
	name := v.taken.take(clean)
	v.names[variable] = name
	v.list = append(v.list, name)
	return name
}

func (c *command) quoteUnlessPlain(s string) string {
	if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == "" {
		return s
	}
	return c.quote(s)
}

// quote quotes a text for a POSIX shell. Variables stand between the quoted
// parts, in double quotes.
func (c *command) quote(text string) string {
	var b strings.Builder
	for {
		before, name, after, ok := cutVariable(text)
		if before != "" || !ok && b.Len() == 0 {
			b.WriteString("'" + strings.ReplaceAll(strings.ReplaceAll(before, "\x00", ""), "'", `'\''`) + "'")
		}
		if !ok {
			return b.String()
		}
		b.WriteString(`"${` + c.vars.name(strings.TrimSpace(name)) + `}"`)
		text = after
	}
}
