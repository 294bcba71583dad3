package listing

import "strings"

// Description is what a plan makes of an operation, for people and as JSON.
// Places in the answer are JSON pointers (RFC 6901).
type Description struct {
	Items       string              `json:"items"`
	Style       Style               `json:"style"`
	Page        string              `json:"page,omitempty"`
	Size        string              `json:"size,omitempty"`
	Offset      string              `json:"offset,omitempty"`
	After       string              `json:"after,omitempty"`
	Before      string              `json:"before,omitempty"`
	Token       string              `json:"token,omitempty"`
	First       *int                `json:"first,omitempty"` // with Page
	DefaultSize int                 `json:"defaultSize,omitempty"`
	MaxSize     int                 `json:"maxSize,omitempty"`
	Total       string              `json:"total,omitempty"`
	More        string              `json:"more,omitempty"`
	Next        string              `json:"next,omitempty"`
	Previous    string              `json:"previous,omitempty"`
	Filters     []FilterDescription `json:"filters,omitempty"`
	Sort        *SortDescription    `json:"sort,omitempty"`
	Search      string              `json:"search,omitempty"`
	Fields      string              `json:"fields,omitempty"`
	Ignored     []string            `json:"ignored,omitempty"`
}

// FilterDescription is one filter.
type FilterDescription struct {
	Parameter string   `json:"parameter"`
	Property  string   `json:"property"`
	Operator  Operator `json:"operator"`
}

// SortDescription is how an operation sorts. Order is the parameter of the
// direction.
type SortDescription struct {
	Parameter string   `json:"parameter,omitempty"`
	Order     string   `json:"order,omitempty"`
	Values    []string `json:"values,omitempty"`
}

// Describe tells what the plan is. A parameter that takes filters of any
// property is a filter of the property "*".
func (p *Plan) Describe() Description {
	pg := &p.Paging
	d := Description{
		Items: pointer(p.Items), Style: pg.Style, Page: pg.Page, Size: pg.Size, Offset: pg.Offset,
		After: pg.After, Before: pg.Before, Token: pg.Token, DefaultSize: pg.DefaultSize, MaxSize: pg.MaxSize,
		Total: p.place(FactTotal), More: p.place(FactMore, FactIsLast),
		Next: p.place(FactNext, FactNextURL, FactNextNumber, FactNextOffset, FactEnd, FactLastKey), Previous: p.place(FactPrevious, FactPreviousURL, FactPreviousNumber, FactPreviousOffset, FactStart, FactFirstKey),
		Search: p.Search, Fields: strings.Join(p.Fields, ","), Ignored: p.Ignored,
	}
	if pg.Page != "" {
		d.First = &pg.First
	}
	for _, f := range p.Filters {
		name := f.Parameter
		if f.Member != "" {
			name += "[" + f.Member + "]"
		}
		d.Filters = append(d.Filters, FilterDescription{name, f.Property, f.Operator})
	}
	for _, name := range p.open {
		d.Filters = append(d.Filters, FilterDescription{name, "*", OpEqual})
	}
	if so := p.Sorting; so != nil {
		d.Sort = &SortDescription{so.Parameter, so.Direction, so.Values}
	}
	return d
}

// place is where the first of the facts is told that is told at all.
func (p *Plan) place(facts ...Fact) string {
	for _, fact := range facts {
		for _, t := range p.Told {
			if t.Fact == fact {
				return pointer(t.Path)
			}
		}
	}
	return ""
}

func pointer(path []string) string {
	var b strings.Builder
	for _, name := range path {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	return b.String()
}
