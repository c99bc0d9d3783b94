// SPDX-License-Identifier: Apache-2.0

package house

import (
	"encoding/json"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

// A modFile is what the go command says of a go.mod or go.work file (go help mod edit).
type modFile struct {
	Module  struct{ Path string }
	Require []struct {
		Path, Version string
		Indirect      bool
	}
	Replace []struct {
		Old, New struct{ Path, Version string }
	}
	Use []struct{ DiskPath string }
}

// readMod reads a go.mod with "mod", a go.work with "work".
func readMod(t *testing.T, kind, file string) (m modFile) {
	require.NoError(t, json.Unmarshal(shared.Go(t, "../..", nil, kind, "edit", "-json", file), &m), file)
	return m
}

// modFiles are the go.mod files of the tree by their folders.
func modFiles(t *testing.T) map[string]modFile {
	files := map[string]modFile{}
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if err != nil || entry.Name() != "go.mod" {
			return err
		}
		file, err := filepath.Rel("../..", path)
		files[filepath.ToSlash(filepath.Dir(file))] = readMod(t, "mod", file)
		return err
	}))
	require.Contains(t, files, ".")
	return files
}

// released are the modules that others import or install, by their folders.
var released = []string{".", "profile/oci", "profile/spo", "profile/dialect", "derive", "libseccomp", "cmd/sieve"}

// outside are the modules that the workspace leaves out.
var outside = []string{"bench", "bench/derive/corpus", ".ci/tools"}

func TestModules(t *testing.T) {
	files, work := modFiles(t), readMod(t, "work", "go.work")

	var direct []string
	for _, r := range files["."].Require {
		if !r.Indirect {
			direct = append(direct, r.Path)
		}
	}
	require.Equal(t, []string{"github.com/stretchr/testify", "golang.org/x/net", "golang.org/x/sys"}, direct, "what the library requires")

	version := files["cmd/sieve"].Require[0].Version
	for dir, m := range files {
		seen := map[string]bool{}
		for _, r := range m.Require {
			require.False(t, seen[r.Path], "%s/go.mod requires %s twice", dir, r.Path)
			seen[r.Path] = true
			if strings.HasPrefix(r.Path+"/", module) && dir != "bench" {
				require.Equal(t, version, r.Version, "%s/go.mod: %s: the modules are released together", dir, r.Path)
			}
		}
		if slices.Contains(released, dir) {
			require.Empty(t, m.Replace, "%s/go.mod: go install PACKAGE@VERSION takes no replace directive", dir)
		}
		used := slices.ContainsFunc(work.Use, func(u struct{ DiskPath string }) bool { return filepath.Clean(u.DiskPath) == dir })
		require.Equal(t, !slices.Contains(outside, dir), used, "%s in go.work", dir)
	}
	for _, r := range work.Replace {
		require.Equal(t, version, r.Old.Version, "go.work: the version of %s that the modules require", r.Old.Path)
	}
}
