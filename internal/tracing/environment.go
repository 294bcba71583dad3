package tracing

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The exporters that there are.
const (
	exporterOTLP    = "otlp"
	exporterConsole = "console"
)

// exporters are those that the environment asks for, none where it asks for no
// traces. Only what decides that is read here, and what the SDK would pass over
// in silence is refused; the rest is read by the SDK.
func exporters() ([]string, error) {
	if strings.EqualFold(env("OTEL_SDK_DISABLED"), "true") {
		return nil, nil
	}
	asked := env("OTEL_TRACES_EXPORTER")
	if asked == "" && env("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "" {
		asked = exporterOTLP
	}
	var names []string
	for name := range strings.SplitSeq(asked, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "" || name == "none" || slices.Contains(names, name):
		case name != exporterOTLP && name != exporterConsole:
			return nil, fmt.Errorf("OTEL_TRACES_EXPORTER: there is no exporter %q; it can be otlp, console or none", name)
		default:
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	if err := checkSampler(); err != nil {
		return nil, err
	}
	if slices.Contains(names, exporterOTLP) {
		return names, checkOTLP()
	}
	return names, nil
}

// env is the value of the last of some variables that is set; one that is empty
// is not.
func env(names ...string) (value string) {
	for _, name := range names {
		if v := strings.TrimSpace(os.Getenv(name)); v != "" {
			value = v
		}
	}
	return value
}

func checkOTLP() error {
	switch p := env("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"); p {
	case "", "http/protobuf", "http/json":
	case "grpc":
		return fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL: OTLP over gRPC is not supported; set http/protobuf, and the collector's port for it, which is usually 4318")
	default:
		return fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL: there is no protocol %q; it can be http/protobuf or http/json", p)
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		v := env(name)
		if v == "" {
			continue
		}
		if u, err := url.Parse(v); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("%s takes a URL such as http://localhost:4318", name) // its value may have a password
		}
	}
	return nil
}

func checkSampler() error {
	sampler := strings.ToLower(env("OTEL_TRACES_SAMPLER"))
	switch sampler {
	case "", "always_on", "always_off", "parentbased_always_on", "parentbased_always_off":
		return nil
	case "traceidratio", "parentbased_traceidratio":
	default:
		return fmt.Errorf("OTEL_TRACES_SAMPLER: there is no sampler %q; it can be always_on, always_off or traceidratio, each with parentbased_ before it, too", sampler)
	}
	arg := env("OTEL_TRACES_SAMPLER_ARG")
	if arg == "" {
		return nil
	}
	if share, err := strconv.ParseFloat(arg, 64); err != nil || !(share >= 0 && share <= 1) {
		return fmt.Errorf("OTEL_TRACES_SAMPLER_ARG: %q is not a share from 0 to 1", arg)
	}
	return nil
}
