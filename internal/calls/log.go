package calls

import (
	"context"
	"time"
)

// Log takes calls and finds them again. It is safe for concurrent use.
type Log interface {
	// Add hands a call over; nothing of it is used after the return. It may
	// block for at most 50 ms where the log can't follow.
	Add(*Record)
	// List gives calls, the last ones first unless the filter is ascending.
	List(context.Context, Filter) (Page, error)
	// Get gives all of one call of a mock; nil where there is none.
	Get(ctx context.Context, mock, id string) (*Entry, error)
	// Follow gives the calls that come from now on and pass a filter.
	Follow(Filter) *Feed
	// Purge deletes all calls of a mock.
	Purge(ctx context.Context, mock string) error
	// Stats tells how the log is.
	Stats() Stats
}

// Stats tells how a log is.
type Stats struct {
	Stored     int64         // calls that were kept since the start
	Lost       int64         // calls that could not be kept
	Waiting    int64         // calls in memory that are to be stored
	Spooled    int64         // calls on disk that are to be stored
	SpoolBytes int64         // what they take
	SpoolLimit int64         // what they may take; 0: there is no spool
	Trouble    string        // why calls can't be stored at the moment; "" they can
	Write      time.Duration // how long the last write to the store took
}
