package server

import (
	"net"
	"net/http"
	"strconv"

	"github.com/mimus-dev/mimus/internal/engine"
)

// writeBroken sends what a fault leaves of an answer. The connection has to be
// ended after it, with breakOff.
func writeBroken(w http.ResponseWriter, r *http.Request, res *engine.Response, lower bool) {
	if res.Break != engine.BreakTruncated {
		return
	}
	half := *res
	half.Body, half.Items = res.Body[:len(res.Body)/2], nil
	half.Length = []string{strconv.Itoa(max(len(res.Body), 2))} // more than is sent
	plain := *r
	plain.Header = r.Header.Clone()
	plain.Header.Del("Accept-Encoding") // a compressed answer has no length
	write(w, &plain, &half, lower)
	_ = http.NewResponseController(w).Flush() // who can't be flushed gets less
}

// breakOff ends the connection: with a reset, or just so.
func breakOff(w http.ResponseWriter, how engine.Breakage) {
	if how == engine.BreakTruncated {
		panic(http.ErrAbortHandler) // net/http ends the connection, whatever was told
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2: the stream is reset
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && how == engine.BreakReset {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
