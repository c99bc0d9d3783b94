// SPDX-License-Identifier: Apache-2.0

package house

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/profile/dialect"
)

var update = flag.Bool("update", false, "write docs/deviations.md")

// TestDeviations keeps the list of deviations and of diagnostics current.
func TestDeviations(t *testing.T) {
	const file = "../../docs/deviations.md"
	text := deviations()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, text, string(got), "run: go test ./internal/house -update")
}

func deviations() string {
	var b strings.Builder
	b.WriteString(`# Where Sieve decides otherwise than Docker and runc with libseccomp

Each place has a diagnostic with a code. An error means that Sieve refuses the document; a warning, or a note, that it goes on.

| code | what it is |
|---|---|
`)
	codeRows(&b, true)
	b.WriteString(`
## All other diagnostics

| code | what it is |
|---|---|
`)
	codeRows(&b, false)
	b.WriteString(`
## Diagnostics of other dialects

| code | what it is |
|---|---|
`)
	all := dialect.Codes()
	for _, c := range slices.Sorted(maps.Keys(all)) {
		if codes.Of(c) == (codes.Row{}) {
			fmt.Fprintf(&b, "| `%s` | %s |\n", c, all[c])
		}
	}
	return b.String()
}

func codeRows(b *strings.Builder, deviates bool) {
	for _, r := range codes.All() {
		if r.Deviates == deviates {
			fmt.Fprintf(b, "| `%s` | %s |\n", r.Code, r.Meaning)
		}
	}
}
