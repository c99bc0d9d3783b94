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
var cases = map[string]func(t *testing.T, dir string){
	"docker-as-yaml.yaml": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--severity", "error", filepath.Join(dir, "docker-as-yaml.yaml"))
		require.NotEqual(t, 2, got.status, got.stderr)
		got = call(t, `{"arch":"amd64","nr":0}`, "eval", "--calls", "-", "--profile", filepath.Join(dir, "docker-as-yaml.yaml"))
		require.Contains(t, got.stdout, "ALLOW")
	},
	"minijail-guard.policy": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--dialect", "minijail", "--severity", "error", filepath.Join(dir, "minijail-guard.policy"))
		require.Equal(t, "1 file: 0 errors, 0 warnings, 0 notes\n", got.stdout+got.stderr)
	},
	"minijail-include/ok.policy": func(t *testing.T, dir string) {
		t.Chdir(filepath.Join(dir, "minijail-include"))
		got := call(t, "", "lint", "--severity", "error", "ok.policy")
		require.Equal(t, "1 file: 0 errors, 0 warnings, 0 notes\n", got.stdout+got.stderr)
	},
}

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
