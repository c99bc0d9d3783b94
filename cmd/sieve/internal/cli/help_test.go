// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHelp is the help of a root and of a command below it, to the byte.
func TestHelp(t *testing.T) {
	var out strings.Builder
	root := &Command{
		Name: "tool", Usage: "do things", Version: "v1", Description: "Long.\n\n  Indented.", Writer: &out,
		Commands: []*Command{
			{Name: "read", Usage: "read files", ArgsUsage: "FILE...", Flags: []*Flag{
				{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`", Required: true, Value: "never seen"},
				{Name: "format", Usage: "as `FORMAT`", Value: "text"},
				{Name: "n", Kind: Int, Usage: "`N` times", Value: "3"},
				{Name: "arch", Usage: "for `ARCH`", DefaultText: "the host's"},
				{Name: "tag", Kind: List, Usage: "with `é`"},
				{Name: "strict", Kind: Bool, Usage: "fail"},
			}},
			{Name: "secret", Hidden: true},
		},
	}
	require.NoError(t, root.Run(t.Context(), []string{"tool", "help"}))
	assert.Equal(t, `NAME:
   tool - do things

USAGE:
   tool [global options] [command [command options]]

VERSION:
   v1

DESCRIPTION:
   Long.

     Indented.

COMMANDS:
   read     read files
   help, h  Shows a list of commands or help for one command

GLOBAL OPTIONS:
   --help, -h     show help
   --version, -v  print the version
`, out.String())

	out.Reset()
	require.NoError(t, root.Command("read").Help())
	assert.Equal(t, `NAME:
   tool read - read files

USAGE:
   tool read [options] FILE...

OPTIONS:
   --output FILE, -o FILE  write to FILE
   --format FORMAT         as FORMAT (default: "text")
   -n N                    N times (default: 3)
   --arch ARCH             for ARCH (default: the host's)
   --tag é [ --tag é ]     with é
   --strict                fail
   --help, -h              show help
`, out.String())
}
