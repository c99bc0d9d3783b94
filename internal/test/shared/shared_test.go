// SPDX-License-Identifier: Apache-2.0

package shared

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// judged records how a test would end, in place of ending it.
type judged struct {
	testing.TB
	end string
}

func (j *judged) Helper()               {}
func (j *judged) Skip(...any)           { j.stop("skipped") }
func (j *judged) Fatal(...any)          { j.stop("failed") }
func (j *judged) Fatalf(string, ...any) { j.stop("failed") }

func (j *judged) stop(end string) {
	j.end = end
	panic(j)
}

// TestDir: without the folder a test is skipped, in CI too. With it, what is missing fails.
func TestDir(t *testing.T) {
	there, alone := t.TempDir(), t.TempDir()
	for _, file := range []string{"shared/data/a.json", "checkout/go.mod", "checkout/nested/go.mod"} {
		name := filepath.Join(there, filepath.FromSlash(file))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, nil, 0o644))
	}
	dir := func(t testing.TB) { Dir(t) }
	read := func(name string) func(testing.TB) { return func(t testing.TB) { Read(t, name) } }
	glob := func(pattern string) func(testing.TB) { return func(t testing.TB) { Glob(t, pattern) } }
	for name, tt := range map[string]struct {
		in, variable string
		do           func(testing.TB)
		end          string
	}{
		"no folder":                  {in: alone, do: dir, end: "skipped"},
		"no folder, a file":          {in: alone, do: read("data/a.json"), end: "skipped"},
		"named, not there":           {in: alone, variable: filepath.Join(there, "none"), do: dir, end: "failed"},
		"named":                      {in: alone, variable: filepath.Join(there, "shared"), do: read("data/a.json")},
		"beside the checkout":        {in: filepath.Join(there, "checkout"), do: dir},
		"beside, seen from a module": {in: filepath.Join(there, "checkout", "nested"), do: glob("data/*.json")},
		"beside, a file is missing":  {in: filepath.Join(there, "checkout"), do: read("data/b.json"), end: "failed"},
		"beside, no file to match":   {in: filepath.Join(there, "checkout"), do: glob("data/*.policy"), end: "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CI", "true")
			t.Setenv("SIEVE_SHARED", tt.variable)
			t.Chdir(tt.in)
			j := &judged{TB: t}
			func() {
				defer func() {
					if r := recover(); r != nil && r != any(j) {
						panic(r)
					}
				}()
				tt.do(j)
			}()
			require.Equal(t, tt.end, j.end)
		})
	}
}
