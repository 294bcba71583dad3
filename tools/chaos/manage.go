package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// manageLimit bounds one exchange with the management API.
const manageLimit = 5 * time.Second

// management makes one connection for each exchange: it must not stumble over
// one to a process that was killed meanwhile.
var management = &http.Client{Timeout: manageLimit, Transport: &http.Transport{DisableKeepAlives: true}}

// manage calls the management API of a node. Status 0 is no answer, and err
// then says why; err is also what isn't a success, or can't be read.
func (n *node) manage(ctx context.Context, client *http.Client, method, path string, body, into any) (status int, err error) {
	var data []byte
	if body != nil {
		if data, err = json.Marshal(body); err != nil {
			return 0, err
		}
	}
	status, answer, err := n.exchange(ctx, client, method, "/_mimus/api"+path, data)
	if err != nil {
		return 0, err
	}
	if status/100 != 2 {
		return status, fmt.Errorf("node %s answers %s %s with %d: %.300s", n.name, method, path, status, answer)
	}
	if into == nil {
		return status, nil
	}
	return status, json.Unmarshal(answer, into)
}

// ready asks whether the node is ready, and for the reason why not; status 0 is
// no answer.
func (n *node) ready(ctx context.Context) (status int, reason string) {
	status, answer, err := n.exchange(ctx, management, http.MethodGet, "/_mimus/ready", nil)
	if err != nil {
		return 0, ""
	}
	var said struct {
		Reason string `json:"reason"`
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		return status, ""
	}
	return status, said.Reason
}

func (n *node) exchange(ctx context.Context, client *http.Client, method, path string, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+n.addr+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil, err
	}
	return res.StatusCode, answer, nil
}
