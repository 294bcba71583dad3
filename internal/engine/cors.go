package engine

// CORS as Prism does it: open by default, so that a page of any origin can try
// the mock (Fetch Standard, CORS protocol).

var (
	anyOrigin   = []string{"*"}
	varyOrigin  = []string{"Origin"}
	allowCreds  = []string{"true"}
	lengthZero  = []string{"0"}
	fieldOrigin = "Access-Control-Allow-Origin"

	exposeExplained = []string{"*, " + explanationField}
)

// preflight answers a CORS preflight before anything else: it carries no
// credentials.
func (m *Mock) preflight(x *exchange) bool {
	if x.req.Method != "OPTIONS" {
		return x.pass("preflight", "the method is not OPTIONS")
	}
	if m.cfg.NoCORS {
		return x.pass("preflight", "CORS is off")
	}
	wanted := x.req.Header["Access-Control-Request-Method"]
	if len(wanted) == 0 || len(x.req.Header["Origin"]) == 0 {
		return x.pass("preflight", "a preflight has Origin and Access-Control-Request-Method")
	}
	res := x.res
	res.Status = 204
	res.Set("Access-Control-Allow-Methods", wanted[:1])
	if h := x.req.Header["Access-Control-Request-Headers"]; len(h) > 0 {
		res.Set("Access-Control-Allow-Headers", h[:1])
	} else {
		res.Set("Access-Control-Allow-Headers", anyOrigin)
	}
	if len(x.req.Header["Access-Control-Request-Private-Network"]) > 0 {
		res.Set("Access-Control-Allow-Private-Network", valueTrue)
	}
	res.Set("Content-Length", lengthZero)
	x.asked = false // no page asks here, or could read it
	return x.answer("preflight", "a CORS preflight")
}

// cors sets the fields that let a page read the answer.
func (x *exchange) cors() {
	if x.mock.cfg.NoCORS {
		return
	}
	res := x.res
	if origin := x.req.Header["Origin"]; len(origin) > 0 {
		res.Set(fieldOrigin, origin[:1])
		if own := res.Get("Vary"); own != "" && own != "*" {
			res.Set("Vary", []string{own + ", Origin"})
		} else if own == "" {
			res.Set("Vary", varyOrigin)
		}
	} else {
		res.Set(fieldOrigin, anyOrigin)
	}
	if res.Get("Access-Control-Allow-Headers") == "" {
		res.Set("Access-Control-Allow-Headers", anyOrigin)
	}
	res.Set("Access-Control-Allow-Credentials", allowCreds)
	res.Set("Access-Control-Expose-Headers", anyOrigin)
	if x.asked { // where credentials are sent, "*" is a name
		res.Set("Access-Control-Expose-Headers", exposeExplained)
	}
}
