package plausible

import (
	"hash/fnv"
	"testing"
	"unicode/utf8"
)

// TestSubject_Values_AreStable notices when a seed gives other values than in
// the release before: people keep snapshots of answers. Change the number on
// purpose only, and say so in the changelog.
func TestSubject_Values_AreStable(t *testing.T) {
	t.Parallel()
	h := fnv.New64a()
	for seed := range uint64(50) {
		s := NewSubject(seed)
		for m := None; m < meanings; m++ {
			h.Write(append(s.AppendText(nil, m, 42), 0))
		}
		h.Write([]byte(s.Words(5, seed)))
		c := s.Child("items")
		c = c.Item(2)
		h.Write([]byte(c.Text(Title, 0)))
	}
	const want = 0x7bd775dff83811b8
	if got := h.Sum64(); got != want {
		t.Errorf("values hash to %#x, want %#x", got, uint64(want))
	}
}

func TestSubject_EveryMeaning_HasNameAndValue(t *testing.T) {
	t.Parallel()
	seen := map[string]Meaning{}
	for m := FirstName; m < meanings; m++ {
		if other, ok := seen[m.String()]; ok || m.String() == "" {
			t.Errorf("meaning %d is called %q, as is %d", m, m, other)
		}
		seen[m.String()] = m
		for seed := range uint64(100) {
			s := NewSubject(seed)
			text := s.Text(m, seed)
			if text == "" || !utf8.ValidString(text) {
				t.Errorf("%v of seed %d is %q", m, seed, text)
			}
			if most := MaxLen(m); most > 0 && len(text) > most {
				t.Errorf("%v of seed %d is %d bytes long (%q), MaxLen says %d", m, seed, len(text), text, most)
			}
			if got := string(s.AppendText(nil, m, seed)); got != text {
				t.Errorf("%v of seed %d: AppendText gives %q, Text %q", m, seed, got, text)
			}
			if _, _, ok := s.Number(m, seed); ok != IsNumber(m) {
				t.Errorf("%v: Number says %v, IsNumber %v", m, ok, IsNumber(m))
			}
		}
	}
}

func TestSubject_Sorts_AreTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		is   func(Meaning) bool
		yes  Property
		no   Property
		what string
	}{
		{IsTime, Property{Name: "createdAt"}, Property{Name: "price"}, "time"},
		{IsTime, Property{Name: "created", Type: Integer}, Property{Name: "count", Type: Integer}, "time"},
		{IsAmount, Property{Name: "total_price", Type: Integer}, Property{Name: "age", Type: Integer}, "amount"},
		{IsCount, Property{Name: "total_count", Type: Integer}, Property{Name: "page", Type: Integer}, "count"},
		{IsID, Property{Name: "id"}, Property{Name: "customer_id"}, "identity"},
		{IsReference, Property{Name: "customerId"}, Property{Name: "id"}, "reference"},
		{IsText, Property{Name: "description"}, Property{Name: "email"}, "prose"},
		{IsURL, Property{Name: "html_url"}, Property{Name: "hostname"}, "URL"},
	} {
		if !tt.is(Of(tt.yes)) {
			t.Errorf("%s (%v) is not told to be a %s", tt.yes.Name, Of(tt.yes), tt.what)
		}
		if tt.is(Of(tt.no)) {
			t.Errorf("%s (%v) is told to be a %s", tt.no.Name, Of(tt.no), tt.what)
		}
	}
}

func TestOf_UnknownNames_MeanNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "xyzzy", "foo_bar_qux", "__", "ÄÖ", "zz9"} {
		if m := Of(Property{Name: name}); m != None {
			t.Errorf("%q means %v", name, m)
		}
	}
}

func TestSplit_CaseStyles_GiveWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"firstName": "first name", "first_name": "first name", "First-Name": "first name", "user.firstName": "user first name",
		"HTTPServerURL": "http server url", "userIDs": "user ids", "URLs": "urls", "address2": "address2",
		"sha256Sum": "sha256 sum", "_id": "id", "$ref": "ref", "XMLHttpRequest": "xml http request", "ID": "id",
	} {
		k := split(name)
		if got := string(k.text[:k.len]); got != want {
			t.Errorf("%q has the words %q, want %q", name, got, want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("createdAt", "user", "ISO 3166 country code", "date-time")
	f.Add("IDs", "", "", "")
	f.Fuzz(func(t *testing.T, name, parent, description, format string) {
		for typ := String; typ <= Boolean; typ++ {
			m := Of(Property{Name: name, Parent: parent, Description: description, Format: format, Type: typ})
			s := NewSubject(1)
			if m.String() == "" || s.Text(m, 1) == "" {
				t.Errorf("%q means %d", name, m)
			}
			if (typ == Integer || typ == Number) && m != None && !IsNumber(m) {
				t.Errorf("number %q means %v", name, m)
			}
		}
	})
}

func TestFaker_Methods_AreKnown(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Meaning{
		"name.firstName": FirstName, "person.firstName": FirstName, "{{name.firstName}}": FirstName, "internet.email": Email,
		"INTERNET.EMAIL": Email, "faker.internet.url": URL, "datatype.number": SmallNumber, "finance.amount": Amount,
		"finance.amount(10, 100, 2)": Amount, "address.city": City, "location.city": City, "lorem.sentence": Sentence,
		"date.past": Created, "random.uuid": UUID, "string.uuid": UUID, "datatype.uuid": UUID, "image.avatar": AvatarURL,
		"commerce.price": Price, "company.name": CompanyName, "company.companyName": CompanyName, "phone.number": Phone,
		"phone.phoneNumber": Phone, "address.zipCode": PostalCode, "location.countryCode": CountryCode,
	} {
		if got, ok := Faker(name); !ok || got != want {
			t.Errorf("Faker(%q) = %v, %v, want %v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "name", "name.nothing", "{{}}", "other.firstName"} {
		if got, ok := Faker(name); ok {
			t.Errorf("Faker(%q) = %v, want it unknown", name, got)
		}
	}
	if n := len(fakerMethods); n < 120 {
		t.Errorf("%d methods are known, want 120", n)
	}
}

// BenchmarkSubject20Fields gives the values of an object of twenty fields into
// one buffer, as a generated answer does.
func BenchmarkSubject20Fields(b *testing.B) {
	fields := []Property{
		{Name: "id"}, {Name: "firstName"}, {Name: "lastName"}, {Name: "email"}, {Name: "phone"}, {Name: "avatarUrl"},
		{Name: "company"}, {Name: "street"}, {Name: "city"}, {Name: "country"}, {Name: "postalCode"}, {Name: "createdAt"},
		{Name: "updatedAt"}, {Name: "status"}, {Name: "description"}, {Name: "website"}, {Name: "total", Type: Number},
		{Name: "quantity", Type: Integer}, {Name: "age", Type: Integer}, {Name: "tags"},
	}
	var means [20]Meaning
	var salts [20]uint64
	for i, p := range fields {
		means[i], salts[i] = Of(p), Salt(p.Name)
	}
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 4096)
		for i := 0; b.Loop(); i++ {
			s := NewSubject(uint64(i))
			buf = buf[:0]
			for j, m := range means {
				buf = s.AppendText(buf, m, salts[j])
			}
		}
	})
	b.Run("text", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			s := NewSubject(uint64(i))
			for j, m := range means {
				_ = s.Text(m, salts[j])
			}
		}
	})
}

func BenchmarkOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Of(Property{Name: "shippingAddressPostalCode", Parent: "order", Description: "The postal code of the address the parcel goes to."})
		Of(Property{Name: "createdAt", Format: "date-time"})
		Of(Property{Name: "unknownThing", Description: "Something that no rule has heard of, told in many words that have no meaning here."})
	}
}
