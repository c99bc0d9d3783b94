// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/test/formats"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// TestFormats goes through the places where the readers of Docker's format disagree
// (internal/test/formats): what Sieve makes of each in the dialects docker, podman and
// mesos. No place is left out.
func TestFormats(t *testing.T) {
	seen := map[int]bool{}
	for _, row := range formats.Rows() {
		seen[row.Number] = true
		for name, column := range map[profile.Dialect]formats.Column{profile.Docker: row.Docker, profile.Podman: row.Podman, profile.Mesos: row.Mesos} {
			t.Run(row.String()+": "+string(name), func(t *testing.T) {
				require.NotEmpty(t, column.Tool)
				got := formatOutcome(t, name, &row)
				if want := column.Sieve.Refused; want != "" && name == profile.Mesos {
					require.Contains(t, got.Refused, want, row.Doc)
					return
				}
				require.Equal(t, column.Sieve, got, row.Doc)
			})
		}
	}
	for place := 1; place <= formats.Places; place++ {
		assert.True(t, seen[place], "no row for place %d", place)
	}
	assert.Len(t, seen, formats.Places)
}

// formatOutcome is what becomes of a row in a dialect. Of several diagnostics with one
// code after another each counts, but for a document of thousands of rules.
func formatOutcome(t *testing.T, name profile.Dialect, row *formats.Row) formats.Outcome {
	var policy *seccomp.Policy
	var said []profile.Diagnostic
	d, err := Parse([]byte(row.Doc), profile.In(name), profile.File("f"))
	if err == nil {
		policy, said, err = d.Resolve(formats.Target(), profile.ENOSYSOff)
	}
	var own *profile.Error
	var agent *document.Refusal
	switch {
	case errors.As(err, &agent):
		assert.Positive(t, agent.Place.Line, err)
		return formats.Outcome{Refused: agent.Message}
	case errors.As(err, &own):
		assert.Positive(t, own.Place.Line, err)
		return formats.Outcome{Refused: string(own.Code)}
	}
	require.NoError(t, err)
	o := formats.Outcome{Action: policy.Evaluate(&row.Call)}
	for _, d := range said {
		if d.Code != "more-warnings" {
			o.Codes = append(o.Codes, d.Code)
		}
	}
	if row.Number == 54 {
		o.Codes = slices.Compact(o.Codes)
	}
	return o
}
