package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints the script. It is made of the commands and flags as they are.
func (c *completionCmd) Run(k *kong.Context, s streams) error {
	type verb struct {
		name, help string
		flags      []*kong.Flag
	}
	var verbs []verb
	for _, n := range k.Model.Children {
		if n.Hidden {
			continue
		}
		v := verb{name: n.Name, help: n.Help}
		for _, f := range n.Flags {
			if !f.Hidden {
				v.flags = append(v.flags, f)
			}
		}
		verbs = append(verbs, v)
	}
	var names []string
	for _, v := range verbs {
		names = append(names, v.name)
	}
	var b strings.Builder
	switch c.Shell {
	case "bash":
		b.WriteString("# mimus completion for bash: source <(mimus completion bash)\n_mimus() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words=\"\"\n")
		fmt.Fprintf(&b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W %q -- \"$cur\")); return; fi\n  case ${COMP_WORDS[1]} in\n", strings.Join(names, " "))
		for _, v := range verbs {
			var flags []string
			for _, f := range v.flags {
				flags = append(flags, "--"+f.Name)
			}
			fmt.Fprintf(&b, "    %s) words=%q;;\n", v.name, strings.Join(flags, " "))
		}
		b.WriteString("  esac\n  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")); else COMPREPLY=($(compgen -f -- \"$cur\")); fi\n}\ncomplete -o filenames -F _mimus mimus\n")
	case "zsh":
		b.WriteString("#compdef mimus\n# mimus completion for zsh: source <(mimus completion zsh)\n_mimus() {\n  if (( CURRENT == 2 )); then\n    local -a verbs=(\n")
		for _, v := range verbs {
			fmt.Fprintf(&b, "      %s\n", quoteShell(v.name+":"+v.help))
		}
		b.WriteString("    )\n    _describe 'command' verbs\n    return\n  fi\n  case $words[2] in\n")
		for _, v := range verbs {
			fmt.Fprintf(&b, "    %s) _arguments", v.name)
			for _, f := range v.flags {
				fmt.Fprintf(&b, " %s", quoteShell("--"+f.Name+"["+strings.NewReplacer("[", "(", "]", ")").Replace(f.Help)+"]"))
			}
			b.WriteString(" '*:file:_files';;\n")
		}
		b.WriteString("  esac\n}\ncompdef _mimus mimus\n")
	case "fish":
		b.WriteString("# mimus completion for fish: mimus completion fish | source\n")
		for _, v := range verbs {
			fmt.Fprintf(&b, "complete -c mimus -n __fish_use_subcommand -a %s -d %s\n", v.name, quoteShell(v.help))
			for _, f := range v.flags {
				fmt.Fprintf(&b, "complete -c mimus -n '__fish_seen_subcommand_from %s' -l %s -d %s\n", v.name, f.Name, quoteShell(f.Help))
			}
		}
	}
	_, err := io.WriteString(s.out, b.String())
	return err
}

func quoteShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
