package definition

// AppendIndentedJSON appends v as JSON over several lines to dst, each level
// indented by one more indent after prefix, as encoding/json's Indent does.
func (v *Value) AppendIndentedJSON(dst []byte, prefix, indent string) []byte {
	return v.appendIndented(dst, "\n"+prefix, indent)
}

func (v *Value) appendIndented(dst []byte, line, indent string) []byte {
	open, end := byte('['), byte(']')
	switch {
	case v.Kind == Object:
		open, end = '{', '}'
	case v.Kind != Array:
		return v.AppendJSON(dst)
	}
	if len(v.Kids) == 0 {
		return append(dst, open, end)
	}
	dst = append(dst, open)
	for i := range v.Kids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(dst, line...), indent...)
		if v.Kind == Object {
			dst = append(AppendString(dst, v.Kids[i].Key), ": "...)
		}
		dst = v.Kids[i].appendIndented(dst, line+indent, indent)
	}
	return append(append(dst, line...), end)
}
