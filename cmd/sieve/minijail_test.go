// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMinijailFlags reads policies as they are written for minijail's compiler: with
// the path of an installation, a constants.json and repeated lines.
func TestMinijailFlags(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"net.policy":     "@include /usr/share/policy/crosvm/common.policy\nioctl: arg1 == TUNSETOFFLOAD\nprctl: arg0 == 1\n",
		"common.policy":  "@frequency ./common.frequency\n@include ./more.policy\nioctl: arg1 == 0xaa00\nprctl: arg0 == PR_SET_NAME\n",
		"more.policy":    "read: 1\n",
		"constants.json": `{"arch_nr": 3221225534, "syscalls": {"read": 0, "ioctl": 16, "prctl": 157}, "constants": {"TUNSETOFFLOAD": 1074025680, "PR_SET_NAME": 15}}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
	}
	flags := []string{"--arch", "amd64", "--minijail-compiler", "--constants", filepath.Join(dir, "constants.json"), "--include-root", "/usr/share/policy/crosvm=" + dir}
	calls := `{"arch":"amd64","nr":0}
{"arch":"amd64","nr":16,"args":[0,1074025680]}
{"arch":"amd64","nr":16,"args":[0,43520]}
{"arch":"amd64","nr":16}
`
	got := call(t, calls, append(append([]string{"eval"}, flags...), "--profile", filepath.Join(dir, "net.policy"), "--calls", "-")...)
	assert.Equal(t, result{0, "{\"action\":\"ALLOW\",\"value\":2147418112}\n{\"action\":\"ALLOW\",\"value\":2147418112}\n{\"action\":\"ALLOW\",\"value\":2147418112}\n{\"action\":\"KILL_THREAD\",\"value\":0}\n",
		"sieve: " + filepath.Join(dir, "net.policy") + ": read as minijail\n"}, got)
	got = call(t, "", append(append([]string{"lint", "--severity", "warning"}, flags...), filepath.Join(dir, "net.policy"))...)
	assert.Equal(t, 0, got.status, got.stdout)

	got = call(t, "", "compile", "--profile", filepath.Join(dir, "net.policy"))
	assert.Contains(t, got.stderr, "--include-root [PREFIX=]DIR says where files are")
	got = call(t, "", "compile", "--profile", filepath.Join(dir, "net.policy"), "--include-root", dir, "--constants", filepath.Join(dir, "more.policy"))
	assert.Contains(t, got.stderr, "--constants: "+filepath.Join(dir, "more.policy"))
}

func TestBelow(t *testing.T) {
	roots := []string{"/usr=/a", "/usr/share=/b", "/r"}
	for name, want := range map[string]string{
		"/usr/x": "/a/x", "/usr/share/x": "/b/x", "/etc/x": "/r/etc/x", "./x": "/r/x", "/usrx/y": "/r/usrx/y", "/usr/../../etc/x": "/a/etc/x",
	} {
		assert.Equal(t, filepath.FromSlash(want), filepath.ToSlash(below(roots, name)), name)
	}
	assert.Equal(t, "./x", below(nil, "./x"))
}
