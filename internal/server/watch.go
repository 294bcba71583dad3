package server

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must be quiet before it is read: editors write in
// several steps.
const settle = 80 * time.Millisecond

// Watcher reloads mounts when their files change.
type Watcher struct {
	server  *Server
	files   *fsnotify.Watcher
	folders map[string]bool
}

// Watch begins to watch the files that the mounts are made of. What changes
// from here on is seen; Run reloads it.
func (s *Server) Watch() (*Watcher, error) {
	files, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &Watcher{server: s, files: files, folders: map[string]bool{}}
	w.follow()
	return w, nil
}

// follow watches the folders of all files: editors replace files.
func (w *Watcher) follow() {
	for _, m := range w.server.mounts {
		for _, f := range m.Loaded().Files {
			if d := filepath.Dir(f); !w.folders[d] {
				w.folders[d] = w.files.Add(d) == nil
			}
		}
	}
}

// Run reloads each mount when one of its files has changed, until ctx ends. A
// reload that fails keeps what is served, and says why.
func (w *Watcher) Run(ctx context.Context) {
	defer func() { _ = w.files.Close() }()
	s := w.server
	changed := map[*Mount]bool{}
	quiet := time.NewTimer(time.Hour)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-w.files.Events:
			if !ok {
				return
			}
			if e.Op == fsnotify.Chmod {
				continue
			}
			for _, m := range s.mounts {
				if m.madeOf(filepath.Clean(e.Name)) {
					changed[m] = true
					quiet.Reset(settle)
				}
			}
		case err, ok := <-w.files.Errors:
			if !ok {
				return
			}
			s.cfg.Log.Warn("watching files", slog.String("error", err.Error()))
		case <-quiet.C:
			for m := range changed {
				delete(changed, m)
				s.reload(ctx, m)
			}
			w.follow()
		}
	}
}

// madeOf tells whether a file is one of those that the mount is made of, or
// stands in the folder that it is, where a new one counts.
func (m *Mount) madeOf(file string) bool {
	for _, f := range m.Loaded().Files {
		if f == file {
			return true
		}
	}
	if !m.Source.isFolder() {
		return false
	}
	folder, err := filepath.Abs(m.Source.Location)
	return err == nil && strings.HasPrefix(file, folder+string(filepath.Separator))
}

func (s *Server) reload(ctx context.Context, m *Mount) {
	start := time.Now()
	loaded, err := m.Load(ctx)
	if err != nil {
		s.cfg.Log.Error("the change is not served, what was there goes on", slog.String("source", m.Source.Location), slog.String("error", err.Error()))
		return
	}
	if s.cfg.Reloaded != nil {
		s.cfg.Reloaded()
	}
	s.cfg.Log.Info("reloaded", slog.String("source", m.Source.Location), slog.Int("operations", len(loaded.Definition.Operations)), slog.Int("examples", len(loaded.Definition.Exchanges)),
		slog.Int("diagnostics", len(loaded.Diagnostics)), slog.Duration("took", time.Since(start).Round(time.Millisecond)))
}
