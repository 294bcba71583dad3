package api

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

// mocked makes a collection and a mock of it in a workspace, and gives both.
func (c *client) mocked(workspace string) (collection string, mock answer) {
	c.t.Helper()
	collection = c.do("POST", "/collections?workspace="+workspace, small("C")).want(200).text("collection", "uid")
	return collection, c.do("POST", "/mocks?workspace="+workspace, object{"mock": object{"collection": collection}}).want(200)
}

// A mock is at /m/<uid>, too, and slugs are looked up first: who could choose
// the uid of another's mock as a slug would get its calls.
func TestMocks_ASlugLikeTheUIDOfAnothersMock_IsRefused(t *testing.T) {
	t.Parallel()
	c := start(t)
	mine, theirs := c.workspaceOf("team", "Mine"), c.workspaceOf("team", "Theirs")
	_, victim := c.mocked(theirs)
	c.key = c.newKey(store.Key{Scope: "edit", Workspace: mine})
	collection := c.do("POST", "/collections", small("Own")).want(200).text("collection", "uid")
	c.do("POST", "/mocks", object{"mock": object{"collection": collection, "slug": victim.text("mock", "uid")}}).want(400)
	named := c.do("POST", "/mocks", object{"mock": object{"collection": collection, "name": victim.text("mock", "uid")}}).want(200)
	if slug := named.text("mock", "slug"); slug == victim.text("mock", "uid") {
		t.Errorf("the name became the slug %s", slug)
	}
}

func TestMocks_AnAddressThatIsTaken_DoesNotTellAnotherWorkspacesMock(t *testing.T) {
	t.Parallel()
	c := start(t)
	mine, theirs := c.workspaceOf("team", "Mine"), c.workspaceOf("team", "Theirs")
	_, victim := c.mocked(theirs)
	id, taken := victim.text("mock", "id"), object{"slug": victim.text("mock", "slug")}
	collection := c.do("POST", "/collections?workspace="+mine, small("Own")).want(200).text("collection", "uid")
	taken["collection"] = collection
	if a := c.do("POST", "/mocks?workspace="+mine, object{"mock": taken}).want(400); a.text("error", "details", "mock") != id {
		t.Errorf("who reaches all workspaces is not told whose it is: %s", a.body)
	}
	c.key = c.newKey(store.Key{Scope: "edit", Workspace: mine})
	if a := c.do("POST", "/mocks", object{"mock": taken}).want(400); strings.Contains(string(a.body), id) {
		t.Errorf("a key for another workspace is told: %s", a.body)
	}
}

// What the client broke is told as that, and leaves no error in the log.
func TestBody_BrokenFraming_IsTheClientsFault(t *testing.T) {
	t.Parallel()
	c := start(t)
	host := strings.TrimPrefix(c.url, "http://")
	for _, path := range []string{"/collections", "/mocks", "/environments", "/specs", "/workspaces", "/search", "/import/openapi"} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n{}\r\n0\r\n\r\n", path, host)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _ = conn.Close(); res.StatusCode != 400 {
			t.Errorf("POST %s: %d, want 400", path, res.StatusCode)
		}
		_ = res.Body.Close()
	}
}
