package main

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"time"
)

// captured is an answer that a mock gave, for the bare server to repeat.
type captured struct {
	Status int
	Header http.Header
	Body   []byte
}

// runBare is the process that a mock is compared with: a net/http handler that
// writes the same bytes and, with -decode, reads and decodes the body.
func runBare(args []string) error {
	flags := flag.NewFlagSet("bench bare", flag.ExitOnError)
	addr := flags.String("addr", "127.0.0.1:0", "address to listen on")
	file := flags.String("answer", "", "file with the answer to repeat")
	decode := flags.Bool("decode", false, "read the body and decode it as JSON")
	_ = flags.Parse(args)

	data, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	var a captured
	if err := json.Unmarshal(data, &a); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if *decode {
			body, err := io.ReadAll(r.Body)
			var v any
			if err == nil {
				err = json.Unmarshal(body, &v)
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		}
		h := w.Header()
		for name, values := range a.Header {
			h[name] = values
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body)
	})
	server := &http.Server{Addr: *addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}
