// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// run runs a command line and returns what it did, in words: the command, the flags that
// are set and the arguments, or the first line of help, or the error.
func run(t *testing.T, line string) string {
	t.Helper()
	did := ""
	say := func(_ context.Context, c *Command) error {
		did = c.FullName()
		for _, f := range c.Flags {
			if len(f.given) > 0 {
				did += fmt.Sprintf(" %s=%q", f.Name, f.given)
			}
		}
		did += fmt.Sprintf(" %q", []string(c.Args()))
		return nil
	}
	var out strings.Builder
	root := &Command{
		Name: "tool", Version: "v1", Writer: &out, Action: say,
		UsageError: func(c *Command, err error) error { return fmt.Errorf("%s: %w", c.FullName(), err) },
		Commands: []*Command{
			{Name: "read", Usage: "read files", Action: say, Flags: []*Flag{
				{Name: "from", Aliases: []string{"f"}, Usage: "read `FILE`", Value: "here"},
				{Name: "all", Kind: Bool},
				{Name: "n", Kind: Int, Value: "3", Check: func(n int) error {
					if n < 0 {
						return errors.New("negative")
					}
					return nil
				}},
				{Name: "tag", Kind: List},
			}},
			{Name: "run", Action: say, StopAtArgument: true, Flags: []*Flag{{Name: "all", Kind: Bool}}},
			{Name: "copy", Action: say, Flags: []*Flag{{Name: "to", Required: true}, {Name: "from", Required: true}}},
			{Name: "words", Action: say, Raw: true},
			{Name: "group", Action: say, Commands: []*Command{{Name: "one", Action: say}}},
		},
	}
	if err := root.Run(t.Context(), append([]string{"tool"}, strings.Fields(line)...)); err != nil {
		return "error: " + err.Error()
	}
	return did + strings.Join(strings.Fields(out.String()), " ")
}

// TestRun has a command line for each rule, and what comes of it.
func TestRun(t *testing.T) {
	for _, row := range [][2]string{
		{"", `tool []`},
		{"nosuch read", `tool ["nosuch" "read"]`}, // a command is the first argument or none
		{"read", `tool read []`},
		{"group one x", `tool group one ["x"]`},
		{"group nosuch", `tool group ["nosuch"]`},

		{"read --from a --all b", `tool read from=["a"] all=["true"] ["b"]`},
		{"read b -from=a c", `tool read from=["a"] ["b" "c"]`},
		{"read -f a -f b", `tool read from=["a" "b"] []`},
		{"read --from=", `tool read from=[""] []`},
		{"read --from --all", `tool read from=["--all"] []`},
		{"read --all=false --all=", `tool read all=["false" "true"] []`},
		{"read --tag a,b --tag c", `tool read tag=["a" "b" "c"] []`},
		{"read --n 0x10 -5 --all", `tool read n=["0x10"] ["-5" "--all"]`},
		{"read - --all", `tool read all=["true"] ["-"]`},
		{"read -- --all --", `tool read ["--all" "--"]`},
		{"run --all x --all", `tool run all=["true"] ["x" "--all"]`},
		{"run -- --all", `tool run ["--all"]`},
		{"words -- --help -x", `tool words ["--" "--help" "-x"]`},

		{"read --nosuch=1", `error: tool read: flag provided but not defined: --nosuch`},
		{"read -ab", `error: tool read: flag provided but not defined: --ab`},
		{"--all read", `error: tool: flag provided but not defined: --all`}, // a flag is of one command
		{"read --from", `error: tool read: flag needs an argument: --from`},
		{"read --all=x", `error: tool read: invalid value "x" for flag --all: parse error`},
		{"read --n x", `error: tool read: invalid value "x" for flag -n: strconv.ParseInt: parsing "x": invalid syntax`},
		{"read --n=-1", `error: tool read: invalid value "-1" for flag -n: negative`},
		{"copy", `error: tool copy: required flags "to, from" not set`},
		{"copy --to x", `error: tool copy: required flag "from" not set`},

		{"-v", `tool version v1`},
		{"--version nosuch", `tool version v1`},
		{"read --version", `error: tool read: flag provided but not defined: --version`},
		{"help nosuch", `error: tool: unknown command "nosuch"`},
		{"nosuch --help", `error: tool: unknown command "nosuch"`},
		{"group help nosuch", `error: tool group: unknown command "nosuch"`},
	} {
		assert.Equal(t, row[1], run(t, row[0]), "tool %s", row[0])
	}
}

// TestRunHelp has the ways to ask for help, and whose it is.
func TestRunHelp(t *testing.T) {
	for line, of := range map[string]string{
		"--help": "tool", "-h": "tool", "help": "tool", "h": "tool",
		"help read": "tool read - read files", "--help read": "tool read - read files", "read --help": "tool read - read files",
		"read x -h": "tool read - read files", "read --help --nosuch": "tool read - read files", "copy -h": "tool copy",
		"group --help": "tool group", "group help one": "tool group one", "group one --help": "tool group one",
		"help help": "tool help - Shows a list of commands or help for one command", "help --help": "tool help - Shows a list of commands or help for one command",
	} {
		got := run(t, line)
		assert.True(t, strings.HasPrefix(got, "NAME: "+of+" USAGE: "), "tool %s: %s", line, got)
	}
}

// TestValues: what an action reads, of flags that were given, were not, and are another
// command's.
func TestValues(t *testing.T) {
	c := &Command{Flags: []*Flag{{Name: "s", Value: "x"}, {Name: "n", Kind: Int, Value: "3"}, {Name: "b", Kind: Bool}, {Name: "l", Kind: List}}}
	assert.Equal(t, []any{"x", 3, false, []string(nil), false}, []any{c.String("s"), c.Int("n"), c.Bool("b"), c.Strings("l"), c.IsSet("s")})
	for name, value := range map[string]string{"s": "", "n": "-4", "b": "1", "l": "a,,b"} {
		assert.NoError(t, c.Set(name, value))
	}
	assert.Equal(t, []any{"", -4, true, []string{"a", "", "b"}, true}, []any{c.String("s"), c.Int("n"), c.Bool("b"), c.Strings("l"), c.IsSet("s")})
	assert.EqualError(t, c.Set("y", "1"), "flag provided but not defined: -y")
	assert.Equal(t, []any{"", 0, false, false}, []any{c.String("y"), c.Int("y"), c.Bool("y"), c.IsSet("y")})
}
