package template
import ("testing";"strings";"time")
func TestZZ(t *testing.T){ for _,u:=range []string{"{{$nope}}","{{$x '}} "}{s:=time.Now();Parse(strings.Repeat(u,1<<17),Options{});t.Log(time.Since(s))}}
