package schema

// Described lists the properties that apply to v in a direction, those of the
// alternatives that v fits included.
func (s *Schema) Described(v *value, dir Direction) []string {
	seen := map[string]bool{}
	var out []string
	var walk func(s *Schema, depth int)
	walk = func(s *Schema, depth int) {
		if s == nil || depth > 20 {
			return
		}
		if s.obj != nil {
			for i := range s.obj.properties {
				if p := &s.obj.properties[i]; !seen[p.name] && !p.schema.never && !p.schema.hidden(dir, 0) {
					seen[p.name] = true
					out = append(out, p.name)
				}
			}
		}
		if s.ref != nil {
			walk(s.ref.get(), depth+1)
		}
		if s.alt == nil {
			return
		}
		for _, x := range s.alt.allOf {
			walk(x, depth+1)
		}
		for _, list := range [...][]*Schema{s.alt.oneOf, s.alt.anyOf} {
			for _, x := range list {
				if x.Valid(v, dir) {
					walk(x, depth+1)
					break
				}
			}
		}
	}
	walk(s, 0)
	return out
}
