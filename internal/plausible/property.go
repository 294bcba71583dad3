package plausible

// Type is the JSON type a property's value has.
type Type uint8

// The types of values.
const (
	String Type = iota
	Integer
	Number
	Boolean
)

// Property is what a schema tells about one of its properties.
type Property struct {
	Name        string // as written, in any case style
	Parent      string // the enclosing property, schema or resource; "" if unknown
	Description string
	Title       string
	Format      string
	Type        Type
	Values      int // how many values its enum has; 0 if none. No rule asks for it yet
}

// Of is what a property means: by its whole name within its parent, by its whole
// name, by its last words, by its format, by words of its description. A meaning
// that the type can't carry does not count. It is meant to be called once for
// each property, when a document is compiled.
func Of(p Property) Meaning {
	name := split(p.Name)
	parent := split(p.Parent)
	if p.Type == Boolean {
		return yesOrNo(&name)
	}
	written := p.Type
	p.Type = numeric(p.Type, p.Format)
	about := aboutOf(p.Description, p.Title)
	m := byName(&name, &parent, p.Type)
	if m == None || vague(m) {
		if d := byDescription(about, p.Type); d != None && (m == None || d != Reference || m == Username && namesNobody(&name)) {
			m = d
		}
	}
	if m == None && written != p.Type {
		m = SmallNumber
	}
	m = refine(m, p, &name, &parent, about)
	if p.Type == String {
		m = withFormat(m, p.Format)
	}
	return inForm(m, p, &name, about)
}

// numeric is the type that a string of digits stands for, as Protocol Buffers
// write 64-bit integers in JSON.
func numeric(t Type, format string) Type {
	if t == String {
		switch format {
		case "int64", "uint64", "int32", "uint32", "integer":
			return Integer
		case "double", "float":
			return Number
		}
	}
	return t
}

// namesNobody reports whether a name like "owner" says who, but not by which of
// the names and numbers one has.
func namesNobody(name *key) bool {
	switch string(name.last()) {
	case "name", "username", "login", "handle":
		return false
	}
	return true
}

// byName looks a name up, first whole, then without its first words.
func byName(name, parent *key, t Type) Meaning {
	if name.words == 0 {
		return None
	}
	if m := byUnit(name, parent, t); m != None {
		return m
	}
	if m := byFirstWords(name, parent, t); m != None {
		return m
	}
	class := ""
	for i := parent.words - 1; i >= 0 && class == ""; i-- {
		class = classOf(parent.word(i))
	}
	for i := 0; i < name.words; i++ {
		if i > 0 {
			class = classOf(name.word(i - 1))
		}
		m := lookup(class, name.from(i), t)
		if m == None {
			continue
		}
		if m == NumericID && t == String && name.words > 1 && (string(name.last()) == "id" || string(name.last()) == "ids") {
			return Reference
		}
		if i > 0 {
			switch {
			case m == ID:
				return Reference
			case m == Username && t == String, m == Moment && name.words-i > 1:
				if v := byVerb(name); v != None {
					return v
				}
			case facts[m].kind == kindTime && i == name.words-1:
				if v := byVerb(name); v != None {
					return v
				}
			}
		}
		return m
	}
	if m := byVerb(name); m != None {
		return m
	}
	return byFirstWord(name, t)
}

// byFirstWords reads a name without a last word that says nothing, as in
// "cronString".
func byFirstWords(name, parent *key, t Type) Meaning {
	if t != String || name.words < 2 {
		return None
	}
	switch string(name.last()) {
	case "string", "str", "text", "value", "val", "raw", "field":
	default:
		return None
	}
	if names[string(name.from(0))] != None {
		return None
	}
	whole := name.without()
	return byName(&whole, parent, t)
}

// byUnit reads "created_ms" and "expires_at_unix": a time as a number.
func byUnit(name, parent *key, t Type) Meaning {
	if t == String || name.words < 2 {
		return None
	}
	switch string(name.last()) {
	case "ms", "millis", "msec", "unix", "epoch", "s", "secs":
	default:
		return None
	}
	whole := name.without()
	if m := byName(&whole, parent, t); IsTime(m) {
		return m
	}
	return None
}

// byVerb reads "synced_at", "registrationDateUtc" and "date_added": a moment, of
// the stage that the other word tells.
func byVerb(name *key) Meaning {
	end := name.words
	for end > 1 && saysTime(name.word(end-1)) {
		end--
	}
	if end < name.words {
		if m, ok := names[string(name.word(end-1))]; ok && facts[m].kind == kindTime {
			return m
		}
		if string(name.last()) == "on" {
			return None
		}
		return Moment
	}
	if name.words > 1 && saysTime(name.word(0)) && string(name.word(0)) != "on" && string(name.word(0)) != "at" {
		var buf [132]byte
		verb := append(buf[:0], name.last()...)
		for _, ending := range [...]string{"", "d", "ed"} {
			if m, ok := names[string(append(verb, ending...))]; ok && facts[m].kind == kindTime {
				return m
			}
		}
	}
	return None
}

func saysTime(word []byte) bool {
	switch string(word) {
	case "at", "on", "date", "time", "timestamp", "datetime", "ts", "utc", "gmt", "since":
		return true
	}
	return false
}

// byFirstWord reads "num_things", "max_things", "thing_by".
func byFirstWord(name *key, t Type) Meaning {
	if name.words < 2 {
		return None
	}
	if t == String {
		if string(name.last()) == "by" {
			return FullName
		}
		return None
	}
	switch string(name.word(0)) {
	case "num", "number", "count", "total", "n", "nb", "no":
		return Count
	case "max", "maximum":
		return Limit
	case "min", "minimum":
		return One
	}
	return None
}

// lookup finds words, or their singular, or them without a number at the end, in
// the tables that fit the type, within a class of parents before alone.
func lookup(class string, words []byte, t Type) Meaning {
	var buf [160]byte
	if class != "" {
		k := append(append(append(buf[:0], class...), ' '), words...)
		if m := lookupForms(k, t); m != None {
			return m
		}
	}
	return lookupForms(append(buf[:0], words...), t)
}

func lookupForms(k []byte, t Type) Meaning {
	if m := lookupExact(k, t); m != None {
		return m
	}
	if n := trimDigits(k); n > 2 && n < len(k) {
		k = k[:n]
		if k[n-1] == ' ' {
			k = k[:n-1]
		}
		if m := lookupExact(k, t); m != None {
			return m
		}
	}
	if n, ending := singular(k); n < len(k) {
		return lookupExact(append(k[:n], ending...), t)
	}
	return None
}

func lookupExact(k []byte, t Type) Meaning {
	if t == String {
		if m, ok := names[string(k)]; ok {
			return m
		}
		if m := numbers[string(k)]; m != SmallNumber { // "value", "to": no number as a string
			return m
		}
		return None
	}
	if m, ok := numbers[string(k)]; ok {
		return m
	}
	if m, ok := names[string(k)]; ok && IsNumber(m) {
		return m
	}
	return None
}

// vague reports whether m says little, so that a description may say more.
func vague(m Meaning) bool {
	switch m {
	case Kind, Code, Identifier, CustomValue, SmallNumber, Username, Format, Mode, Source:
		return true
	}
	return false
}
