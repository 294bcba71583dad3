package api

import (
	"os"
	"os/exec"
	"testing"
)

func TestTry(t *testing.T) {
	c := start(t)
	ws := c.workspaceOf("team", "T")
	c.pets(ws)
	cmd := exec.Command("node", "/tmp/mcp/try.mjs")
	cmd.Env = append(os.Environ(), "URL="+c.url, "WS="+ws, "COL="+petsID, "POSTMAN_API_BASE_URL="+c.url)
	out, err := cmd.CombinedOutput()
	t.Logf("%s %v", out, err)
}
