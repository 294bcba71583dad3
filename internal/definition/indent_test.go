package definition

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestAppendIndentedJSON_EveryKind_IsWhatTheStandardLibraryIndents(t *testing.T) {
	t.Parallel()
	v := NewObject(
		NewArray().With("none"), NewObject().With("empty"), NewNull().With("null"),
		NewArray(NewInt(1), NewString("a\"b\n"), NewObject(NewBool(true).With("x"))).With("list"),
	)
	var want bytes.Buffer
	if err := json.Indent(&want, v.AppendJSON(nil), "  ", "\t"); err != nil {
		t.Fatal(err)
	}
	if got := string(v.AppendIndentedJSON(nil, "  ", "\t")); got != want.String() {
		t.Errorf("got\n%s\nwant\n%s", got, want.String())
	}
}
