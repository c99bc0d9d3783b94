// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
)

// TestTerminal: all of the command asks the same of a stream. The null device stands for a
// terminal here, as both are character devices.
func TestTerminal(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer device.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	require.NoError(t, err)
	defer file.Close()
	for name, row := range map[string]struct {
		term, noColour      string
		steerable, coloured bool
	}{
		"a terminal":         {"xterm", "", true, true},
		"TERM is not set":    {"", "", true, true},
		"a dumb one":         {"dumb", "", false, false},
		"colours not wanted": {"xterm", "1", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TERM", row.term)
			t.Setenv("NO_COLOR", row.noColour)
			assert.True(t, isTerminal(device))
			assert.Equal(t, row.steerable, steerable(device))
			assert.Equal(t, row.steerable, newScreen(device).terminal)
			assert.Equal(t, row.coloured, coloured(device))
			assert.False(t, isTerminal(file) || steerable(file) || coloured(file))
			assert.False(t, isTerminal(&bytes.Buffer{}) || steerable(&bytes.Buffer{}) || coloured(&bytes.Buffer{}))
		})
	}
}

// TestNull: the null device is told apart from a terminal by the command that refuses one.
func TestNull(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer device.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	require.NoError(t, err)
	defer file.Close()
	assert.True(t, isNull(device))
	assert.False(t, isNull(file) || isNull(&bytes.Buffer{}))
	var said bytes.Buffer
	assert.Zero(t, sieve(t.Context(), []string{"sieve", "report", "--arch", "amd64", "docker"}, nil, device, &said), said.String())
}

func TestPainted(t *testing.T) {
	assert.Equal(t, "\x1b[31merror\x1b[0m", painted(profile.Failure, "error"))
	assert.Equal(t, "\x1b[33mwarning\x1b[0m", painted(profile.Warning, "warning"))
	assert.Equal(t, "\x1b[36minfo\x1b[0m", painted(profile.Info, "info"))
}

// TestPrintable: what somebody else has written cannot steer the terminal.
func TestPrintable(t *testing.T) {
	for text, want := range map[string][2]string{
		"plain é":      {"plain é", "plain é"},
		"\x1b[31mred":  {`\u001b[31mred`, "?[31mred"},
		"tab\there":    {`tab\u0009here`, "tab\there"},
		"\u009b31mred": {`\u009b31mred`, "?31mred"},
		"bell\x7f\a":   {`bell\u007f\u0007`, "bell??"},
	} {
		assert.Equal(t, want, [2]string{printable(text), masked(text)}, "%q", text)
	}
}
