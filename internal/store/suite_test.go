package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestUpdate_SixteenAtOnce_LoseNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		workspaceOf(t, s)
		together(t, 16, func(int) error {
			for range 5 {
				err := s.Update(t.Context(), Actor{User: 1}, func(tx *Tx) error {
					w, err := tx.FirstWorkspace()
					w.About += "x"
					return errors.Join(err, tx.UpdateWorkspace(&w))
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		view(t, s, func(tx *Tx) error {
			w, err := tx.FirstWorkspace()
			if len(w.About) != 80 || w.Revision != 81 {
				t.Errorf("%d of 80 writes are there, the revision is %d", len(w.About), w.Revision)
			}
			changes, err2 := tx.Changes(ChangeFilter{Limit: 1000})
			slices.Reverse(changes)
			for i := range changes {
				if i > 0 && !before(changes[i-1], changes[i]) {
					t.Errorf("change %d comes after %d", changes[i].Seq, changes[i-1].Seq)
				}
			}
			return errors.Join(err, err2)
		})
	})
}

func TestUpdate_APanic_StoresNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		func() {
			defer func() {
				if p := recover(); p != "no" {
					t.Errorf("Update panics with %v, want its function's panic", p)
				}
			}()
			_ = s.Update(t.Context(), Actor{User: 1}, func(tx *Tx) error {
				if _, err := tx.EnsureWorkspace(); err != nil {
					return err
				}
				panic("no")
			})
		}()
		view(t, s, func(tx *Tx) error {
			if _, err := tx.FirstWorkspace(); !errors.Is(err, ErrNotFound) {
				t.Errorf("a workspace was stored, or %v", err)
			}
			return nil
		})
		workspaceOf(t, s) // the connection is free
	})
}

func TestView_ChangesMeanwhile_AreNotSeen(t *testing.T) {
	t.Parallel()
	shared(t, func(t *testing.T, a, b *Store) {
		workspaceOf(t, a)
		view(t, a, func(tx *Tx) error {
			first, err := tx.FirstWorkspace()
			update(t, b, func(tx *Tx) error {
				w := first
				w.Name = "changed"
				return errors.Join(tx.UpdateWorkspace(&w), tx.CreateWorkspace(&Workspace{ID: NewID()}))
			})
			again, err2 := tx.FirstWorkspace()
			all, err3 := tx.Workspaces("", Page{})
			if diff := cmp.Diff(first, again); diff != "" || len(all) != 1 {
				t.Errorf("there are %d workspaces, and the first is another one: %s", len(all), diff)
			}
			return errors.Join(err, err2, err3)
		})
	})
}

func TestOnChange_IsToldOfEachWriteInItsOrder(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		heard := &hearing{told: make(chan struct{}, 1)}
		s.OnChange(func(_ context.Context, changes []Change) { heard.changes = append(heard.changes, changes...) })
		for range 3 {
			update(t, s, func(tx *Tx) error {
				w, err := tx.EnsureWorkspace()
				return errors.Join(err, tx.UpdateWorkspace(&w), tx.UpdateWorkspace(&w))
			})
		}
		update(t, s, func(*Tx) error { return nil })
		heard.until(t, 3)
		view(t, s, func(tx *Tx) error {
			stored, err := tx.Changes(ChangeFilter{})
			slices.Reverse(stored)
			if diff := cmp.Diff(stored, heard.changes); diff != "" {
				t.Errorf("what is told is not what is stored: %s", diff)
			}
			return err
		})
	})
}

// element is a noun that a workspace has, in the same terms for all.
type element struct {
	create func(tx *Tx, workspace, id, name string) error
	touch  func(tx *Tx, id string) (revision int64, err error) // reads, updates, reads again
	list   func(tx *Tx, f ElementFilter) (ids []string, places []Cursor, err error)
	remove func(tx *Tx, id string) error
}

func elements() map[string]element {
	return map[string]element{
		KindCollection: {
			func(tx *Tx, workspace, id, name string) error {
				return tx.CreateCollection(&Collection{ID: id, Workspace: workspace, Name: name, File: name + ".json", Owner: 3, Body: []byte(`{"a":1}`)})
			},
			func(tx *Tx, id string) (int64, error) {
				c, err := tx.Collection(id)
				c.Body = append(c.Body, '2')
				err = errors.Join(err, tx.UpdateCollection(&c))
				again, err2 := tx.Collection(id)
				return again.Revision, errors.Join(err, err2, differ(c, again))
			},
			func(tx *Tx, f ElementFilter) (ids []string, places []Cursor, err error) {
				all, err := tx.Collections(f)
				for _, c := range all {
					ids, places = append(ids, c.ID), append(places, Place(c.Created, c.ID))
				}
				return ids, places, err
			},
			(*Tx).DeleteCollection,
		},
		KindEnvironment: {
			func(tx *Tx, workspace, id, name string) error {
				return tx.CreateEnvironment(&Environment{ID: id, Workspace: workspace, Name: name, File: name + ".json", Owner: 3, Body: []byte("[]")})
			},
			func(tx *Tx, id string) (int64, error) {
				c, err := tx.Environment(id)
				c.Body = append(c.Body, '2')
				err = errors.Join(err, tx.UpdateEnvironment(&c))
				again, err2 := tx.Environment(id)
				return again.Revision, errors.Join(err, err2, differ(c, again))
			},
			func(tx *Tx, f ElementFilter) (ids []string, places []Cursor, err error) {
				all, err := tx.Environments(f)
				for _, c := range all {
					ids, places = append(ids, c.ID), append(places, Place(c.Created, c.ID))
				}
				return ids, places, err
			},
			(*Tx).DeleteEnvironment,
		},
		KindSpec: {
			func(tx *Tx, workspace, id, name string) error {
				return tx.CreateSpec(&Spec{ID: id, Workspace: workspace, Name: name, File: name + ".json", Owner: 3, Type: "OPENAPI:3.0", Follow: "https://a/b", FollowEvery: time.Hour})
			},
			func(tx *Tx, id string) (int64, error) {
				c, err := tx.Spec(id)
				c.Followed, c.FollowError, c.FollowEvery = tx.Now(), "no", time.Minute
				err = errors.Join(err, tx.UpdateSpec(&c))
				again, err2 := tx.Spec(id)
				return again.Revision, errors.Join(err, err2, differ(c, again))
			},
			func(tx *Tx, f ElementFilter) (ids []string, places []Cursor, err error) {
				all, err := tx.Specs(f)
				for _, c := range all {
					ids, places = append(ids, c.ID), append(places, Place(c.Created, c.ID))
				}
				return ids, places, err
			},
			(*Tx).DeleteSpec,
		},
		KindMock: {
			func(tx *Tx, workspace, id, name string) error {
				return tx.CreateMock(&Mock{ID: id, Slug: name, Workspace: workspace, Name: name, File: name + ".json", Owner: 3, Private: true, Config: []byte("{}")})
			},
			func(tx *Tx, id string) (int64, error) {
				c, err := tx.Mock(id)
				c.Private, c.Host, c.Prefix, c.Spec = !c.Private, c.Slug+".example.com", "/"+c.Slug, "s"
				err = errors.Join(err, tx.UpdateMock(&c))
				again, err2 := tx.Mock(id)
				return again.Revision, errors.Join(err, err2, differ(c, again))
			},
			func(tx *Tx, f ElementFilter) (ids []string, places []Cursor, err error) {
				all, err := tx.Mocks(MockFilter{Workspace: f.Workspace, Slug: f.Name, File: f.File, Page: f.Page})
				for _, c := range all {
					ids, places = append(ids, c.ID), append(places, Place(c.Created, c.ID))
				}
				return ids, places, err
			},
			(*Tx).DeleteMock,
		},
	}
}

func differ(want, got any) error {
	if diff := cmp.Diff(want, got); diff != "" {
		return errors.New("what is read is not what was written: " + diff)
	}
	return nil
}

func TestElements_AreCreatedReadListedChangedAndDeleted(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		w := workspaceOf(t, s)
		other := NewID()
		update(t, s, func(tx *Tx) error { return tx.CreateWorkspace(&Workspace{ID: other, Name: "other", Type: "team"}) })
		for kind, e := range elements() {
			var ids []string
			for i := range 5 {
				ids = append(ids, fmt.Sprint(kind, i))
				update(t, s, func(tx *Tx) error { return e.create(tx, w, ids[i], ids[i]) })
			}
			update(t, s, func(tx *Tx) error { return e.create(tx, other, kind+"-else", kind+"-else") })
			if err := s.Update(t.Context(), Actor{}, func(tx *Tx) error { return e.create(tx, w, ids[0], "new") }); !errors.Is(err, ErrTaken) {
				t.Errorf("%s: a second one of an id gives %v, want ErrTaken", kind, err)
			}
			if err := s.Update(t.Context(), Actor{}, func(tx *Tx) error { return e.create(tx, "none", NewID(), "new") }); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: one in no workspace gives %v, want ErrNotFound", kind, err)
			}
			update(t, s, func(tx *Tx) error {
				for _, want := range []int64{2, 3} {
					got, err := e.touch(tx, ids[1])
					if err != nil || got != want {
						t.Errorf("%s: after a change the revision is %d (%v), want %d", kind, got, err, want)
					}
				}
				return nil
			})
			view(t, s, func(tx *Tx) error {
				for name, test := range map[string]struct {
					filter ElementFilter
					want   []string
				}{
					"all":         {ElementFilter{}, append(slices.Clone(ids), kind+"-else")},
					"workspace":   {ElementFilter{Workspace: w}, ids},
					"name":        {ElementFilter{Name: ids[2]}, ids[2:3]},
					"file":        {ElementFilter{File: ids[3] + ".json"}, ids[3:4]},
					"all of them": {ElementFilter{Workspace: w, Name: ids[4], File: ids[4] + ".json"}, ids[4:]},
					"nothing":     {ElementFilter{Workspace: other, Name: ids[2]}, nil},
					"limit":       {ElementFilter{Workspace: w, Page: Page{Limit: 2}}, ids[:2]},
					"offset":      {ElementFilter{Workspace: w, Page: Page{Offset: 2}}, ids[2:]},
					"both":        {ElementFilter{Workspace: w, Page: Page{Limit: 2, Offset: 1}}, ids[1:3]},
				} {
					got, _, err := e.list(tx, test.filter)
					if err != nil || !slices.Equal(got, test.want) {
						t.Errorf("%s by %s: %v (%v), want %v", kind, name, got, err, test.want)
					}
				}
				return nil
			})
			update(t, s, func(tx *Tx) error { return e.remove(tx, ids[0]) })
			for what, f := range map[string]func(tx *Tx) error{
				"reading and updating": func(tx *Tx) error { _, err := e.touch(tx, ids[0]); return err },
				"deleting":             func(tx *Tx) error { return e.remove(tx, ids[0]) },
			} {
				if err := s.Update(t.Context(), Actor{}, f); !errors.Is(err, ErrNotFound) {
					t.Errorf("%s: %s one that was deleted gives %v, want ErrNotFound", kind, what, err)
				}
			}
			view(t, s, func(tx *Tx) error {
				changes, err := tx.Changes(ChangeFilter{Kind: kind, Workspace: w})
				var actions []string
				for _, c := range changes {
					actions = append(actions, c.Action)
				}
				if got, want := strings.Join(actions, " "), "delete update update create create create create create"; got != want {
					t.Errorf("%s: the changes are %s, want %s", kind, got, want)
				}
				return err
			})
		}
	})
}

func TestElements_PagesByCursorWhileSomeAreAdded_LoseAndRepeatNone(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		w := workspaceOf(t, s)
		for kind, e := range elements() {
			add := func(n int) {
				update(t, s, func(tx *Tx) (err error) { // all at one time: their ids order them
					for range n {
						id := NewID()
						err = errors.Join(err, e.create(tx, w, id, id))
					}
					return err
				})
			}
			add(20)
			var before, seen []string
			var after Cursor
			for page := 0; page < 100; page++ {
				var got []string
				view(t, s, func(tx *Tx) error {
					ids, places, err := e.list(tx, ElementFilter{Workspace: w, Page: Page{Limit: 7, After: after}})
					if len(ids) > 0 {
						after = places[len(places)-1]
					}
					if page == 0 {
						before, _, _ = e.list(tx, ElementFilter{})
					}
					got = ids
					return err
				})
				if len(got) == 0 {
					break
				}
				seen = append(seen, got...)
				if page < 3 {
					add(3)
				}
			}
			if len(seen) != 29 {
				t.Errorf("%s: %d were seen, want 29", kind, len(seen))
			}
			if !slices.Equal(seen[:20], before) {
				t.Errorf("%s: the pages are not the list", kind)
			}
			slices.Sort(seen)
			if len(slices.Compact(seen)) != 29 {
				t.Errorf("%s: one was seen twice", kind)
			}
		}
	})
}

// world is a workspace with something of everything.
type world struct{ workspace, collection, spec, mock, key string }

func fill(t *testing.T, s *Store) world {
	t.Helper()
	x := world{NewID(), NewID(), NewID(), NewID(), NewID()}
	update(t, s, func(tx *Tx) error {
		errs := []error{
			tx.CreateWorkspace(&Workspace{ID: x.workspace, Name: "w", Type: "team", Globals: []byte("[]")}),
			tx.CreateCollection(&Collection{ID: x.collection, Workspace: x.workspace, Body: []byte("{}")}),
			tx.CreateEnvironment(&Environment{ID: NewID(), Workspace: x.workspace, Body: []byte("{}")}),
			tx.CreateSpec(&Spec{ID: x.spec, Workspace: x.workspace, Type: "OPENAPI:3.0"}),
			tx.CreateSpecFile(&SpecFile{ID: NewID(), Spec: x.spec, Path: "b.yaml", Content: []byte("b")}),
			tx.CreateSpecFile(&SpecFile{ID: NewID(), Spec: x.spec, Path: "a.yaml", Root: true, Content: []byte{}}),
			tx.CreateSpecVersion(&SpecVersion{ID: NewID(), Spec: x.spec, Name: "v1"}),
			tx.PutSpecLink(&SpecLink{Spec: x.spec, Collection: x.collection, Origin: "spec", Options: []byte("{}")}),
			tx.CreateMock(&Mock{ID: x.mock, Slug: x.mock, Workspace: x.workspace, Collection: x.collection, Spec: x.spec, Config: []byte("{}")}),
			tx.CreateServerResponse(&ServerResponse{ID: NewID(), Mock: x.mock, Status: 500, Headers: []byte("[]"), Body: "\x00\xff"}),
			tx.CreateComment(&Comment{Collection: x.collection, Kind: KindCollection, Element: x.collection, Body: "a"}),
			tx.SetTags(KindCollection, x.collection, []string{"b", "a"}),
			tx.SetTags(KindWorkspace, x.workspace, []string{"w"}),
			tx.CreateRun(&Run{ID: NewID(), Collection: x.collection, Workspace: x.workspace, Body: []byte("{}")}),
			tx.CreateKey(&Key{ID: x.key, Name: "k", Hash: NewID(), Scope: "edit", Workspace: x.workspace}),
		}
		return errors.Join(errs...)
	})
	if err := s.AddCalls(t.Context(), someBlocks(x.mock, 0, 3), false); err != nil {
		t.Fatal(err)
	}
	return x
}

// rows counts the rows of all tables that hold people's things.
func rows(t *testing.T, s *Store) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, table := range strings.Fields("workspaces collections environments specs spec_files spec_versions spec_links mocks server_responses comments tags call_blocks") {
		var count int
		if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&count); err != nil {
			t.Fatal(err)
		}
		n[table] = count
	}
	return n
}

func TestDelete_TakesWhatBelongsToIt(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		fill(t, s) // which stays
		kept := rows(t, s)
		for name, test := range map[string]struct {
			remove func(tx *Tx, x world) error
			gone   map[string]int
		}{
			"workspace":  {func(tx *Tx, x world) error { return tx.DeleteWorkspace(x.workspace) }, kept},
			"collection": {func(tx *Tx, x world) error { return tx.DeleteCollection(x.collection) }, map[string]int{"collections": 1, "comments": 1, "tags": 2, "spec_links": 1}},
			"spec":       {func(tx *Tx, x world) error { return tx.DeleteSpec(x.spec) }, map[string]int{"specs": 1, "spec_files": 2, "spec_versions": 1, "spec_links": 1}},
			"mock":       {func(tx *Tx, x world) error { return tx.DeleteMock(x.mock) }, map[string]int{"mocks": 1, "server_responses": 1, "call_blocks": 3}},
		} {
			x := fill(t, s)
			want := rows(t, s)
			for table, n := range test.gone {
				want[table] -= n
			}
			update(t, s, func(tx *Tx) error { return test.remove(tx, x) })
			if diff := cmp.Diff(want, rows(t, s)); diff != "" {
				t.Errorf("after the %s was deleted, other rows are left than wanted: %s", name, diff)
			}
			if name != "workspace" {
				update(t, s, func(tx *Tx) error { return tx.DeleteWorkspace(x.workspace) })
			}
			if diff := cmp.Diff(kept, rows(t, s)); diff != "" {
				t.Errorf("the other workspace has changed: %s", diff)
			}
		}
	})
}

func TestMock_AnAddressOfAnother_NamesIt(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		w := workspaceOf(t, s)
		first := newMock(w, "first")
		first.Host, first.Prefix = "first.example.com", "/first"
		update(t, s, func(tx *Tx) error { return tx.CreateMock(first) })
		for field, set := range map[string]func(*Mock){
			"slug":   func(m *Mock) { m.Slug = first.Slug },
			"host":   func(m *Mock) { m.Host = first.Host },
			"prefix": func(m *Mock) { m.Prefix = first.Prefix },
		} {
			m := newMock(w, "of-"+field)
			update(t, s, func(tx *Tx) error { return tx.CreateMock(m) }) // no host, no prefix: as many as there are
			for what, f := range map[string]func(tx *Tx) error{
				"creating": func(tx *Tx) error { n := newMock(w, NewID()); set(n); return tx.CreateMock(n) },
				"updating": func(tx *Tx) error { n := *m; set(&n); return tx.UpdateMock(&n) },
			} {
				err := s.Update(t.Context(), Actor{}, f)
				var taken *TakenError
				if !errors.As(err, &taken) || taken.Field != field || taken.Mock != first.ID || !errors.Is(err, ErrTaken) {
					t.Errorf("%s one with another's %s gives %v, want that %s has it", what, field, err, first.ID)
				}
			}
		}
		update(t, s, func(tx *Tx) error { return tx.UpdateMock(first) }) // its own addresses are no others'
		view(t, s, func(tx *Tx) error {
			all, err := tx.MockAddresses()
			if len(all) != 4 || !slices.Contains(all, MockAddress{first.ID, "first", "first.example.com", "/first", ""}) {
				t.Errorf("the addresses are %+v", all)
			}
			return err
		})
	})
}

func TestSpec_ItsFilesVersionsAndLinks(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		x := fill(t, s)
		update(t, s, func(tx *Tx) error {
			files, err := tx.SpecContents(x.spec)
			if len(files) != 2 || files[0].Path != "a.yaml" || !files[0].Root || files[1].Root || string(files[1].Content) != "b" {
				t.Errorf("the files are %+v", files)
			}
			if err := tx.CreateSpecFile(&SpecFile{ID: NewID(), Spec: x.spec, Path: "a.yaml", Content: []byte("x")}); !errors.Is(err, ErrTaken) {
				t.Errorf("a second file of a path gives %v, want ErrTaken", err)
			}
			versions, err2 := tx.SpecVersions(x.spec)
			if len(versions) != 1 || versions[0].Digest != Digest(files) {
				t.Errorf("the versions are %+v", versions)
			}
			slices.Reverse(files)
			if versions[0].Digest != Digest(files) {
				t.Error("the digest depends on the order of the files")
			}
			f := files[0]
			f.Path, f.Content = "c.yaml", []byte("c")
			err3 := tx.UpdateSpecFile(&f)
			got, err4 := tx.SpecFile(x.spec, "c.yaml")
			if string(got.Content) != "c" {
				t.Errorf("the file is %+v", got)
			}
			v, err5 := tx.SpecVersion(x.spec, versions[0].ID)
			if len(v.Files) != 2 || string(v.Files[1].Content) != "b" {
				t.Errorf("the version has changed: %+v", v)
			}
			for _, ids := range [][2]string{{x.spec, ""}, {"", x.collection}, {x.spec, x.collection}} {
				links, err := tx.SpecLinks(ids[0], ids[1])
				if len(links) != 1 || links[0].Origin != "spec" || string(links[0].Options) != "{}" || links[0].Sync != nil {
					t.Errorf("the links of %v are %+v, %v", ids, links, err)
				}
			}
			return errors.Join(err, err2, err3, err4, err5, tx.NoteFollowed(x.spec, "gone"), tx.DeleteSpecFile(x.spec, "c.yaml"))
		})
		update(t, s, func(tx *Tx) error {
			for what, err := range map[string]error{
				"a file":             second(tx.SpecFile(x.spec, "c.yaml")),
				"deleting a file":    tx.DeleteSpecFile(x.spec, "c.yaml"),
				"updating a file":    tx.UpdateSpecFile(&SpecFile{ID: "none", Path: "x", Content: []byte("x")}),
				"a version":          second(tx.SpecVersion(x.spec, "none")),
				"another's version":  second(tx.SpecVersion("none", "none")),
				"following":          tx.NoteFollowed("none", ""),
				"a server response":  second(tx.ServerResponse(x.mock, "none")),
				"deleting one":       tx.DeleteServerResponse(x.mock, "none"),
				"a workspace":        second(tx.Workspace("none")),
				"deleting that":      tx.DeleteWorkspace("none"),
				"a key":              second(tx.Key("none")),
				"revoking it":        tx.RevokeKey("none"),
				"a comment":          second(tx.Comment(99)),
				"deleting a comment": tx.DeleteComment(99),
				"resolving a thread": tx.ResolveThread(99),
				"a task":             second(tx.Task("none")),
				"a run":              second(tx.Run("none")),
				"a block of calls":   second(tx.CallRecords(x.mock, "none", 0, 1)),
				"a collection":       second(tx.CollectionHead("none")),
				"a comment on none":  tx.CreateComment(&Comment{Collection: "none"}),
			} {
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("%s that is not there gives %v, want ErrNotFound", what, err)
				}
			}
			return nil
		})
	})
}

func second[T any](_ T, err error) error { return err }

func TestServerResponse_TheActiveOne_IsNoLongerWhenDeleted(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		x := fill(t, s)
		update(t, s, func(tx *Tx) error {
			all, err := tx.ServerResponses(x.mock)
			if len(all) != 1 || all[0].Body != "\x00\xff" || all[0].Status != 500 {
				t.Fatalf("the responses are %+v, want any bytes as a body", all)
			}
			m, err2 := tx.Mock(x.mock)
			m.ResponseID = all[0].ID
			all[0].Name = "renamed"
			return errors.Join(err, err2, tx.UpdateMock(&m), tx.UpdateServerResponse(&all[0]), tx.DeleteServerResponse(x.mock, all[0].ID))
		})
		view(t, s, func(tx *Tx) error {
			m, err := tx.Mock(x.mock)
			if m.ResponseID != "" {
				t.Errorf("the active response is %s, want none", m.ResponseID)
			}
			return err
		})
	})
}

func TestComments_ThreadsAndTags(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		x := fill(t, s)
		update(t, s, func(tx *Tx) error {
			first, err := tx.Comments(x.collection, KindCollection, x.collection)
			if len(first) != 1 || first[0].Thread != first[0].ID || first[0].Resolved || first[0].Owner != 1 {
				t.Fatalf("the comments are %+v", first)
			}
			reply := Comment{Collection: x.collection, Kind: KindCollection, Element: x.collection, Thread: first[0].ID, Body: "b", Tags: []byte("{}")}
			err = errors.Join(err, tx.CreateComment(&reply))
			reply.Body = "c"
			err = errors.Join(err, tx.UpdateComment(&reply), tx.ResolveThread(reply.Thread))
			thread, err2 := tx.Thread(reply.Thread)
			if len(thread) != 2 || thread[1].Body != "c" || !thread[0].Resolved || !thread[1].Resolved {
				t.Errorf("the thread is %+v, want both, resolved", thread)
			}
			tags, err3 := tx.Tags(KindCollection, x.collection)
			if !slices.Equal(tags, []string{"b", "a"}) {
				t.Errorf("the tags are %v, want b a, as they were given", tags)
			}
			tagged, err4 := tx.TaggedWith("a", KindCollection, true)
			if !slices.Contains(tagged, Tagged{KindCollection, x.collection}) {
				t.Errorf("tagged are %v", tagged)
			}
			err = errors.Join(err, err2, err3, err4, tx.DeleteComment(reply.Thread))
			left, err2 := tx.Comments(x.collection, KindCollection, x.collection)
			if len(left) != 0 {
				t.Errorf("%d comments are left of a deleted thread", len(left))
			}
			changes, err3 := tx.Changes(ChangeFilter{Kind: KindCollection, ID: x.collection, Workspace: x.workspace})
			if len(changes) != 3 {
				t.Errorf("%d changes of the workspace's collection are listed, want its creation and two comments", len(changes))
			}
			return errors.Join(err, err2, err3)
		})
	})
}

func TestKeys_AreListedRevokedAndNoted(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		x := fill(t, s)
		expires := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		update(t, s, func(tx *Tx) error {
			k := Key{ID: "second", Name: "k2", Hash: "h", Scope: "call", Mock: x.mock, Expires: expires}
			err := tx.CreateKey(&k)
			if k.Owner != 3 {
				t.Errorf("the second key's owner is %d, want 3: 1 is who works without keys, 2 has the first", k.Owner)
			}
			if err := tx.CreateKey(&Key{ID: "third", Hash: "h"}); !errors.Is(err, ErrTaken) {
				t.Errorf("a key that is there gives %v, want ErrTaken", err)
			}
			at := tx.Now().Add(time.Minute)
			err = errors.Join(err, tx.NoteUsed(map[string]time.Time{"second": at, "none": at}), tx.NoteUsed(map[string]time.Time{"second": at.Add(-time.Hour)}))
			err = errors.Join(err, tx.RevokeKey(x.key), tx.RevokeKey(x.key))
			keys, err2 := tx.Keys(Page{})
			if len(keys) != 2 || keys[0].Revoked.IsZero() == keys[1].Revoked.IsZero() {
				t.Errorf("the keys are %+v, want two, one of them revoked", keys)
			}
			got, err3 := tx.Key("second")
			if !got.Used.Equal(at) || !got.Expires.Equal(expires) || !got.Revoked.IsZero() {
				t.Errorf("the key is %+v", got)
			}
			return errors.Join(err, err2, err3)
		})
	})
}

func TestTasksRunsAndValues_AreKept(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		x := fill(t, s)
		update(t, s, func(tx *Tx) error {
			k := Task{ID: "t", Kind: "generate", Status: "pending"}
			err := tx.PutTask(&k)
			k.Status, k.Result = "completed", []byte("{}")
			err = errors.Join(err, tx.PutTask(&k))
			got, err2 := tx.Task("t")
			err = errors.Join(err, err2, differ(k, got), tx.ForgetTasks(tx.Now().Add(time.Second)))
			if _, err := tx.Task("t"); !errors.Is(err, ErrNotFound) {
				t.Errorf("an old task is there, or %v", err)
			}
			runs, err2 := tx.Runs(x.collection, Page{Limit: 10})
			if len(runs) != 1 || string(runs[0].Body) != "{}" {
				t.Errorf("the runs are %+v", runs)
			}
			_, err3 := tx.Run(runs[0].ID)
			none, err4 := tx.Value("v")
			err = errors.Join(err, err2, err3, err4, tx.SetValue("v", "1"), tx.SetValue("v", "2"))
			two, err2 := tx.Value("v")
			if none != "" || two != "2" {
				t.Errorf("the value was %q and is %q, want none and 2", none, two)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestTexts_WithWhatNoEngineStores_AreStored(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		w := workspaceOf(t, s)
		update(t, s, func(tx *Tx) error {
			return tx.CreateCollection(&Collection{ID: "c", Workspace: w, Name: "a\x00b\xff", Body: []byte("\x00\xff")})
		})
		view(t, s, func(tx *Tx) error {
			c, err := tx.Collection("c")
			if c.Name != "a\uFFFDb\uFFFD" || string(c.Body) != "\x00\xff" {
				t.Errorf("the collection is %q with %q", c.Name, c.Body)
			}
			return err
		})
	})
}
