// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

func put(t *testing.T, dir, name, doc string) string {
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(doc), 0o666))
	return path
}

func named(s string) *SeccompInfo { return &SeccompInfo{ProfileName: &s} }

// Two profiles.
const (
	denies    = `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": []}`
	readsOnly = `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"includes": {}, "excludes": {}, "names": ["read"], "action": "SCMP_ACT_ALLOW", "args": []}]}`
)

// configDir has profiles, a broken one, and a folder beside it.
func configDir(t *testing.T) string {
	base := t.TempDir()
	dir := filepath.Join(base, "seccomp")
	put(t, dir, "default.json", denies)
	put(t, dir, "relaxed.json", readsOnly)
	put(t, dir, "team/own.json", denies)
	put(t, dir, "broken.json", "{}")
	put(t, base, "outside.json", denies)
	return dir
}

func TestPrepare(t *testing.T) {
	dir := configDir(t)
	both := named("relaxed.json")
	both.Unconfined = true
	tests := map[string]struct {
		info    *SeccompInfo
		profile string // "" for none
		err     string
		is      error
	}{
		"nothing: the default":         {nil, "default.json", "", nil},
		"a profile":                    {named("relaxed.json"), "relaxed.json", "", nil},
		"a slash in front":             {named("/relaxed.json"), "/relaxed.json", "", nil},
		"two slashes in front":         {named("//relaxed.json"), "//relaxed.json", "", nil},
		"a folder below":               {named("team/own.json"), "team/own.json", "", nil},
		"up and down again":            {named("team/../relaxed.json"), "team/../relaxed.json", "", nil},
		"unconfined":                   {&SeccompInfo{Unconfined: true}, "", "", nil},
		"both":                         {both, "", "Invalid Seccomp configuration: 'profile_name' given even though 'unconfined' Seccomp setting is enabled", ErrSetting},
		"neither":                      {&SeccompInfo{}, "", "Missing Seccomp profile name", ErrSetting},
		"missing":                      {named("no.json"), "", "Failed to read Seccomp profile file '" + dir + "/no.json': No such file or directory", fs.ErrNotExist},
		"malformed":                    {named("broken.json"), "", "Failed to parse Seccomp profile '" + dir + "/broken.json': Cannot determine 'defaultAction' for the Seccomp configuration: Not found", profile.ErrProfile},
		"an empty name is the folder":  {named(""), "", "Failed to read Seccomp profile file '" + dir + "/': Is a directory", nil},
		"out of the folder is refused": {named("../outside.json"), "", "Failed to read Seccomp profile file '" + dir + "/../outside.json': Profile outside the config dir: \"../outside.json\" leads out of it; Mesos would follow", ErrOutside},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			i, err := Agent{ConfigDir: dir, DefaultProfile: "default.json", Native: arch.X86_64}.Start()
			require.NoError(t, err)
			l, err := i.Prepare(tt.info)
			if tt.err != "" {
				require.EqualError(t, err, tt.err)
				if tt.is != nil {
					require.ErrorIs(t, err, tt.is)
				}
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.profile == "", l.Unconfined())
			assert.Equal(t, tt.profile, l.Name)
			policy, _, err := l.Policy(profile.Target{Arch: arch.X86_64})
			require.NoError(t, err)
			assert.Equal(t, l.Unconfined(), policy == nil)
		})
	}
}

func TestStart(t *testing.T) {
	dir := configDir(t)
	_, err := Agent{}.Start()
	require.EqualError(t, err, "Missing required `--seccomp_config_dir` flag")
	_, err = Agent{ConfigDir: dir + "/", DefaultProfile: "/no.json"}.Start()
	require.EqualError(t, err, "Failed to read Seccomp profile file '"+dir+"/no.json': No such file or directory")
	_, err = Agent{ConfigDir: dir, DefaultProfile: "broken.json"}.Start()
	require.ErrorContains(t, err, "Failed to parse Seccomp profile '"+dir+"/broken.json': ")

	i, err := Agent{ConfigDir: dir}.Start()
	require.NoError(t, err)
	l, err := i.Prepare(nil)
	require.NoError(t, err)
	assert.True(t, l.Unconfined(), "without a default profile there is no filter")
}

// TestReread: the default is read once, others at every launch.
func TestReread(t *testing.T) {
	dir := configDir(t)
	i, err := Agent{ConfigDir: dir, DefaultProfile: "default.json"}.Start()
	require.NoError(t, err)
	put(t, dir, "default.json", "broken")
	put(t, dir, "relaxed.json", "broken")
	_, err = i.Prepare(nil)
	assert.NoError(t, err)
	_, err = i.Prepare(named("default.json"))
	assert.Error(t, err, "by its name the default is read anew")
	_, err = i.Prepare(named("relaxed.json"))
	assert.Error(t, err)
	put(t, dir, "relaxed.json", denies)
	_, err = i.Prepare(named("relaxed.json"))
	assert.NoError(t, err)
}

// TestNested: a container below an unconfined one, or one with a profile of its own,
// gets the default like any other.
func TestNested(t *testing.T) {
	i, err := Agent{ConfigDir: configDir(t), DefaultProfile: "default.json"}.Start()
	require.NoError(t, err)
	for _, parent := range []*SeccompInfo{{Unconfined: true}, named("relaxed.json")} {
		_, err := i.Prepare(parent)
		require.NoError(t, err)
		l, err := i.Prepare(nil)
		require.NoError(t, err)
		assert.Equal(t, "default.json", l.Name)
		assert.True(t, l.Default)
	}
}

func TestFollowOut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("agents with seccomp run on Linux; links need privileges here")
	}
	dir := configDir(t)
	require.NoError(t, os.Symlink("../outside.json", filepath.Join(dir, "out.json")))
	require.NoError(t, os.Symlink("relaxed.json", filepath.Join(dir, "in.json")))
	strict, err := Agent{ConfigDir: dir}.Start()
	require.NoError(t, err)
	loose, err := Agent{ConfigDir: dir, FollowOut: true}.Start()
	require.NoError(t, err)
	for _, name := range []string{"out.json", "../outside.json"} {
		_, err = strict.Prepare(named(name))
		assert.ErrorIs(t, err, ErrOutside, name)
		_, err = loose.Prepare(named(name))
		assert.NoError(t, err, name)
	}
	_, err = strict.Prepare(named("in.json"))
	assert.NoError(t, err, "a link that stays inside")
}

func TestDocker(t *testing.T) {
	dir := configDir(t)
	put(t, dir, "docker.json", `{"defaultAction": "SCMP_ACT_LOG"}`)
	strict, err := Agent{ConfigDir: dir}.Start()
	require.NoError(t, err)
	_, err = strict.Prepare(named("docker.json"))
	var e *document.Refusal
	require.ErrorAs(t, err, &e)
	assert.Contains(t, e.Fix, "--dialect docker")
	loose, err := Agent{ConfigDir: dir, Docker: true}.Start()
	require.NoError(t, err)
	l, err := loose.Prepare(named("docker.json"))
	require.NoError(t, err)
	_, _, err = l.Policy(profile.Target{Arch: arch.X86_64})
	assert.NoError(t, err)
	_, err = loose.Prepare(named("no.json"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestCapabilities(t *testing.T) {
	process, err := profile.ParseCaps("ALL")
	require.NoError(t, err)
	one := []string{"CAP_KILL"}
	assert.Len(t, process, 41)
	assert.Equal(t, process, Capabilities{Process: process}.Set())
	assert.Equal(t, one, Capabilities{Process: process, Effective: one}.Set(), "effective ones become all sets")
	assert.Empty(t, Capabilities{Process: process, Effective: []string{}}.Set(), "given and empty")
	assert.Equal(t, one, Capabilities{Process: process, Effective: process, Bounding: one}.Set())
	assert.Empty(t, Capabilities{Effective: one, Bounding: []string{}}.Set())
}
