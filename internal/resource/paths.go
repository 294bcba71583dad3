package resource

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// paths are the path templates of a definition, by their shape.
type paths struct {
	list  []*path
	shape map[string]*path
}

// path is one path template with its operations.
type path struct {
	template string
	shape    string   // without the names of variables, a file extension and a slash at the end
	segments []string // of the shape
	names    []string // of the variables
	ops      map[string]*definition.Operation
	twins    []*definition.Operation // further ones of the same shape and method
}

func newPaths(def *definition.Definition) *paths {
	ps := &paths{shape: map[string]*path{}}
	template := commonest(def)
	for _, op := range def.Operations {
		if strings.ContainsAny(op.Path, "?#") {
			continue
		}
		shape, _ := shapeOf(op.Path)
		p := ps.shape[shape]
		if p == nil {
			_, names := shapeOf(template[shape])
			p = &path{template: template[shape], shape: shape, segments: strings.Split(strings.TrimPrefix(shape, "/"), "/"), names: names, ops: map[string]*definition.Operation{}}
			ps.shape[shape] = p
			ps.list = append(ps.list, p)
		}
		switch first := p.ops[op.Method]; {
		case first == nil:
			p.ops[op.Method] = op
		case first.Path != p.template && op.Path == p.template:
			p.ops[op.Method], p.twins = op, append(p.twins, first)
		default:
			p.twins = append(p.twins, op)
		}
	}
	return ps
}

// commonest finds for each shape the template that most operations use.
func commonest(def *definition.Definition) map[string]string {
	uses := map[string]int{}
	for _, op := range def.Operations {
		uses[op.Path]++
	}
	out := map[string]string{}
	for _, op := range def.Operations {
		shape, _ := shapeOf(op.Path)
		if best, ok := out[shape]; !ok || uses[op.Path] > uses[best] {
			out[shape] = op.Path
		}
	}
	return out
}

// shapeOf takes the names of variables out of a template.
func shapeOf(template string) (string, []string) {
	var names []string
	segments := strings.Split(strings.Trim(template, "/"), "/")
	for i, s := range segments {
		if i == len(segments)-1 {
			for _, end := range [...]string{".json", ".xml"} {
				s = strings.TrimSuffix(s, end)
			}
		}
		var b strings.Builder
		for {
			open := strings.IndexByte(s, '{')
			end := strings.IndexByte(s, '}')
			if open < 0 || end < open {
				break
			}
			b.WriteString(s[:open])
			b.WriteString("{}")
			names = append(names, s[open+1:end])
			s = s[end+1:]
		}
		b.WriteString(s)
		segments[i] = b.String()
	}
	return "/" + strings.Join(segments, "/"), names
}

func (p *path) last() string { return p.segments[len(p.segments)-1] }

// up is the shape of the path without its last segment.
func (p *path) up() string {
	i := strings.LastIndexByte(p.shape, '/')
	return p.shape[:i]
}

func (p *path) isItem() bool { return p.last() == "{}" && len(p.segments) > 1 }

// method finds the first of the methods that the path has.
func (p *path) method(methods ...string) *definition.Operation {
	if p == nil {
		return nil
	}
	for _, m := range methods {
		if op := p.ops[m]; op != nil {
			return op
		}
	}
	return nil
}

// cutLast is a template without its last segment.
func cutLast(template string) string {
	template = strings.TrimSuffix(template, "/")
	return template[:strings.LastIndexByte(template, '/')]
}

// listRef is the name of the schema of the items that an operation lists.
func listRef(op *definition.Operation) string {
	m := successMedia(op, 0)
	if m == nil {
		return ""
	}
	if ref := m.Schema.Get("items").Get("$ref").Str(); ref != "" {
		return strings.TrimPrefix(ref, "#/$defs/")
	}
	props := m.Schema.Get("properties")
	if props == nil {
		return ""
	}
	for i := range props.Kids {
		if ref := props.Kids[i].Get("items").Get("$ref").Str(); ref != "" {
			return strings.TrimPrefix(ref, "#/$defs/")
		}
	}
	return ""
}

// lastLiteral is the last segment of a shape without a variable.
func lastLiteral(shape string) string {
	segments := strings.Split(strings.TrimPrefix(shape, "/"), "/")
	for i := len(segments) - 1; i >= 0; i-- {
		if !strings.Contains(segments[i], "{}") {
			return segments[i]
		}
	}
	return ""
}

// answerRef is the name of the schema that an operation answers with.
func answerRef(op *definition.Operation) string {
	if m := successMedia(op, 0); m != nil {
		return strings.TrimPrefix(m.Schema.Get("$ref").Str(), "#/$defs/")
	}
	return ""
}

// bare is a name without regard to case and separators.
func bare(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9'
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, c := range strings.ToLower(s) {
		if c != '_' && c != '-' && c != '.' && c != ' ' {
			b.WriteRune(c)
		}
	}
	return b.String()
}
