package api

import (
	"path"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/store"
)

// specTypes are those of Postman and OPENAPI:3.2. Mocks are made of OpenAPI;
// the others are kept.
var specTypes = []string{
	"OPENAPI:2.0", "OPENAPI:3.0", "OPENAPI:3.1", "OPENAPI:3.2", "ASYNCAPI:2.0", "ASYNCAPI:3.0", "PROTOBUF:2", "PROTOBUF:3", "GRAPHQL", "SMITHY:2.0",
}

// specFamily is the type without its version.
func specFamily(specType string) string {
	family, _, _ := strings.Cut(specType, ":")
	return family
}

// hasExtension reports whether a file may be one of a spec of that type.
func hasExtension(specType, file string) bool {
	allowed := []string{".json", ".yaml", ".yml"}
	switch specFamily(specType) {
	case "PROTOBUF":
		allowed = []string{".proto"}
	case "GRAPHQL":
		allowed = []string{".graphql", ".graphqls", ".gql"}
	case "SMITHY":
		allowed = []string{".smithy", ".json"}
	}
	return slices.Contains(allowed, strings.ToLower(path.Ext(file)))
}

// fileFormat is the format of a spec's root file.
func fileFormat(s *store.Spec, root *store.SpecFile) string {
	switch specFamily(s.Type) {
	case "PROTOBUF":
		return "proto"
	case "GRAPHQL":
		return "graphql"
	}
	if root != nil {
		switch strings.ToLower(path.Ext(root.Path)) {
		case ".yaml", ".yml":
			return "yaml"
		case ".smithy":
			return "smithy"
		}
	}
	return "json"
}

// rootOf is the file that a spec begins with.
func rootOf(files []store.SpecFile) *store.SpecFile {
	for i := range files {
		if files[i].Root {
			return &files[i]
		}
	}
	return nil
}

// openAPIType is the type of a spec of an OpenAPI version, "" for versions that
// there are not.
func openAPIType(version string) string {
	for _, v := range [...]string{"2.0", "3.0", "3.1", "3.2"} {
		if version == v || strings.HasPrefix(version, v+".") {
			return "OPENAPI:" + v
		}
	}
	return ""
}
