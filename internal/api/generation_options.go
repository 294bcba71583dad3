package api

import (
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/definition"
)

// postmanOptions reads the options of a generation: those of Postman's
// converter. Those that there are no two ways about here, such as
// optimizeConversion, are accepted.
func postmanOptions(v *definition.Value) (o convert.PostmanOptions, err error) {
	if v == nil || v.Is(definition.Null) {
		return o, nil
	}
	if !v.Is(definition.Object) {
		return o, wrongOption("options", "It should be an object.")
	}
	r := optionReader{v: v}
	o.Folders = convert.FolderStrategy(r.choice("folderStrategy", "paths", "tags"))
	o.NestedFolders = r.flag("nestedFolderHierarchy", false)
	o.Names = convert.NameSource(r.choice("requestNameSource", "fallback", "url", "summary", "operationid"))
	if r.choice("indentCharacter", "space", "tab") == "tab" {
		o.Indent = "\t"
	}
	o.Values = convert.ValueSource(r.values())
	o.PreferredBody = convert.BodyPreference(r.choice("preferredRequestBodyType", "first-listed", "raw", "form-data", "x-www-form-urlencoded"))
	o.SavedExamples = convert.SavedExamples(r.choice("savedExamples", "one", "all"))
	o.NoExampleAuth = !r.flag("includeAuthInfoInExample", true)
	o.InheritAuth = r.flag("alwaysInheritAuthentication", false)
	o.ImplicitHeader = r.flag("keepImplicitHeaders", false)
	o.NoDeprecated = !r.flag("includeDeprecated", true)
	enabled, disabled := r.flag("enableOptionalParameters", true), r.flag("disableOptionalParameters", false)
	o.DisableOptions = !enabled || disabled
	o.Webhooks = r.flag("includeWebhooks", false)
	if r.err != nil {
		return o, r.err
	}
	return o, nil
}

func wrongOption(name, rule string) *Failure {
	return plainProblem(http.StatusBadRequest, "InvalidParamsError", "Required parameter is invalid", "Option `"+name+"` is invalid. "+rule)
}

// optionReader keeps the first thing that is wrong.
type optionReader struct {
	v   *definition.Value
	err *Failure
}

func (r *optionReader) wrong(name, rule string) {
	if r.err == nil {
		r.err = wrongOption(name, rule)
	}
}

// choice reads one of several words, whatever its case; "" where it is not
// there.
func (r *optionReader) choice(name string, words ...string) string {
	v := r.v.Get(name)
	if v == nil || v.Is(definition.Null) {
		return ""
	}
	given := strings.ToLower(v.Str())
	for _, w := range words {
		if given == w {
			return w
		}
	}
	r.wrong(name, "Should be one of: "+strings.Join(words, ", "))
	return ""
}

func (r *optionReader) flag(name string, standard bool) bool {
	v := r.v.Get(name)
	switch {
	case v == nil || v.Is(definition.Null):
		return standard
	case !v.Is(definition.Bool):
		r.wrong(name, "It should be true or false.")
	}
	return v.True()
}

// values reads where values come from; the converter had two options for it
// before it had one.
func (r *optionReader) values() string {
	for _, name := range [...]string{"parametersResolution", "requestParametersResolution", "exampleParametersResolution"} {
		if word := r.choice(name, "schema", "example", "placeholder"); word != "" {
			return word
		}
	}
	return ""
}
