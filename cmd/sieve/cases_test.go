// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gosieve/sieve/internal/shared"
	"github.com/stretchr/testify/require"
)

// cases has a check for each row of cases/README.tsv in the reference material:
// small inputs that went wrong once. It is called with the folder, and asserts
// what the last column says is right.
var cases = map[string]func(t *testing.T, dir string){}

// TestCases reads the table, so that a new row without a check fails.
func TestCases(t *testing.T) {
	dir := filepath.Join(shared.Dir(t), "cases")
	table, err := os.ReadFile(filepath.Join(dir, "README.tsv"))
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(table)), "\n")[1:]
	require.NotEmpty(t, rows)
	for _, row := range rows {
		columns := strings.Split(row, "\t")
		require.Len(t, columns, 4, row)
		t.Run(columns[0], func(t *testing.T) {
			check := cases[columns[0]]
			require.NotNil(t, check, "no check: right is %s", columns[3])
			check(t, dir)
		})
	}
}
