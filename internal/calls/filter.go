package calls

import (
	"strings"
	"time"
)

// Filter says which calls are wanted; zero values are all.
type Filter struct {
	// Mocks are the ids of the mocks whose calls are wanted; none: all.
	Mocks     []string
	Since     time.Time // from then on
	Until     time.Time // up to then
	Status    int       // 404; 4 stands for 400 to 499, and so on
	Type      string    // lower case
	Method    string    // upper case
	Path      string    // without the query, compared ignoring case
	Session   string
	Operation string
	MinTook   time.Duration // answers that took at least so long
	// Text is looked for in path, query and bodies, ignoring case. It is in no
	// index: see Page.
	Text string

	Ascending bool
	After     string // Page.Next of the page before
	Limit     int    // from 1
	// Full has all of each call read, with headers, bodies and trace.
	Full bool
}

// Page is a part of a list.
type Page struct {
	Calls []*Entry
	// Next goes on after this page, as Filter.After; "" where there is no more.
	// A page may have fewer calls than the limit, even none, and go on all the
	// same: a search in what is not indexed stops after a time.
	Next string
	// Scanned is how far a search got that stopped before it had a full page;
	// zero where it did not.
	Scanned time.Time
}

// takes reports whether a call passes all but the text.
func (f *Filter) takes(e *Entry) bool {
	switch {
	case len(f.Mocks) > 0 && !f.of(e.Mock),
		!f.Since.IsZero() && e.At.Before(f.Since),
		!f.Until.IsZero() && e.At.After(f.Until),
		f.Status >= 10 && f.Status != e.Status,
		f.Status > 0 && f.Status < 10 && f.Status != e.Status/100,
		f.Type != "" && f.Type != e.Type,
		f.Method != "" && f.Method != e.Method,
		f.Path != "" && !strings.EqualFold(f.Path, e.Path),
		f.Session != "" && f.Session != e.Session,
		f.Operation != "" && f.Operation != e.Operation,
		f.MinTook > 0 && e.Took < f.MinTook,
		!f.past(e.ID):
		return false
	}
	return true
}

func (f *Filter) of(mock string) bool {
	for _, m := range f.Mocks {
		if m == mock {
			return true
		}
	}
	return false
}

// past reports whether a call comes after the page before.
func (f *Filter) past(id string) bool {
	switch {
	case f.After == "":
		return true
	case f.Ascending:
		return id > f.After
	}
	return id < f.After
}

// has reports whether a call has a text; it is in lower case.
func (e *Entry) has(text string) bool {
	for _, s := range [...]string{e.Path, e.Query, e.Request.Body, e.Response.Body} {
		if strings.Contains(strings.ToLower(s), text) {
			return true
		}
	}
	return false
}
