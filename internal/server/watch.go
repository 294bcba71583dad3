package server

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must be quiet before it is read: editors write in
// several steps.
const settle = 80 * time.Millisecond

// Watch reloads each mount when one of the files that it is made of changes,
// until ctx ends. A reload that fails keeps what is served, and says why.
func (s *Server) Watch(ctx context.Context) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer func() { _ = w.Close() }()
	folders := map[string]bool{}
	follow := func() {
		for _, m := range s.mounts {
			for _, f := range m.Loaded().Files {
				if d := filepath.Dir(f); !folders[d] {
					folders[d] = w.Add(d) == nil
				}
			}
		}
	}
	follow()
	changed := map[*Mount]bool{}
	quiet := time.NewTimer(time.Hour)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.Events:
			if !ok {
				return nil
			}
			if e.Op == fsnotify.Chmod {
				continue
			}
			for _, m := range s.mounts {
				for _, f := range m.Loaded().Files {
					if f == filepath.Clean(e.Name) {
						changed[m] = true
						quiet.Reset(settle)
					}
				}
			}
		case err, ok := <-w.Errors:
			if !ok {
				return nil
			}
			s.cfg.Log.Warn("watching files", slog.String("error", err.Error()))
		case <-quiet.C:
			for m := range changed {
				delete(changed, m)
				s.reload(ctx, m)
			}
			follow()
		}
	}
}

func (s *Server) reload(ctx context.Context, m *Mount) {
	start := time.Now()
	loaded, err := m.Load(ctx)
	if err != nil {
		s.cfg.Log.Error("the change is not served, what was there goes on", slog.String("source", m.Source.Location), slog.String("error", err.Error()))
		return
	}
	s.cfg.Log.Info("reloaded", slog.String("source", m.Source.Location), slog.Int("operations", len(loaded.Definition.Operations)),
		slog.Int("diagnostics", len(loaded.Diagnostics)), slog.Duration("took", time.Since(start).Round(time.Millisecond)))
}
