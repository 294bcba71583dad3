package store

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// A caller that goes away while its transaction begins says nothing about the
// database: others must not fail because of it.
func TestNotBegun_OfACallerThatWentAway_LeavesTheStoreInReach(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	if err := s.notBegun(true, fmt.Errorf("no connection: %w", context.Canceled)); err == nil {
		t.Error("it is no error")
	}
	if err := s.reach.admit(time.Second); err != nil {
		t.Errorf("others are refused: %v", err)
	}
	_ = s.notBegun(false, context.Canceled) // its time was over
	if err := s.reach.admit(time.Second); err == nil {
		t.Error("others try at once")
	}
}
