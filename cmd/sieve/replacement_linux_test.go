// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/kerneltest"
)

// TestReplaceFile: a file is replaced with its mode, a new one is what the umask
// makes of it, a link stays one, and nothing is left where it cannot be done.
func TestReplaceFile(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	dir := t.TempDir()
	file, link, lost := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "lost")
	require.NoError(t, os.Symlink("file", link))
	require.NoError(t, os.Symlink("nowhere/at/all", lost))
	mode := func() os.FileMode {
		info, err := os.Lstat(file)
		require.NoError(t, err)
		return info.Mode()
	}

	require.NoError(t, replaceable(file))
	require.NoError(t, replaceFile(file, []byte("a")))
	assert.Equal(t, os.FileMode(0o640), mode())
	require.NoError(t, os.Chmod(file, 0o604))
	require.NoError(t, replaceable(link))
	require.NoError(t, replaceFile(link, []byte("b")))
	assert.Equal(t, os.FileMode(0o604), mode())
	text, err := os.ReadFile(link)
	require.NoError(t, err)
	assert.Equal(t, "b", string(text))
	target, err := os.Readlink(link)
	require.NoError(t, err)
	assert.Equal(t, "file", target)
	assert.NoError(t, replaceable(os.DevNull))
	assert.NoError(t, replaceFile(os.DevNull, []byte("c")))

	open, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	defer open.Close()
	self := fmt.Sprintf("/proc/self/fd/%d", open.Fd())
	assert.NoError(t, replaceable(self))
	assert.NoError(t, replaceFile(self, []byte("!")))
	_, err = open.WriteString("?")
	require.NoError(t, err)
	text, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "b!?", string(text), "the file that is open")

	for sentence, name := range map[string]string{
		"a directory":          dir,
		"a link to nowhere":    lost,
		"a folder not there":   filepath.Join(dir, "no", "file"),
		"a file for a folder":  filepath.Join(file, "file"),
		"a name that is empty": "",
	} {
		assert.Error(t, replaceable(name), sentence)
		assert.Error(t, replaceFile(name, []byte("d")), sentence)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 3)
}

// TestReplaceKeepsOwner: root that writes a user's file leaves it the user's.
func TestReplaceKeepsOwner(t *testing.T) {
	file := write(t, "file", "a")
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = 65534, 65533
		require.NoError(t, os.Chown(file, uid, gid))
	}
	require.NoError(t, os.Chmod(file, 0o640))
	require.NoError(t, replaceFile(file, []byte("b")))
	info, err := os.Stat(file)
	require.NoError(t, err)
	owner := info.Sys().(*syscall.Stat_t)
	assert.Equal(t, []int{uid, gid}, []int{int(owner.Uid), int(owner.Gid)})
	assert.Equal(t, os.FileMode(0o640), info.Mode())
}

// TestReplaceFullDisk: a disk that is full leaves what was there, also of a stack and of
// a file that is mounted on its own. A child with a mount namespace has the disk.
func TestReplaceFullDisk(t *testing.T) {
	kerneltest.Need(t, kerneltest.Namespaces)
	if dir := os.Getenv("SIEVE_FULL_DISK"); dir != "" {
		replaceOnFullDisk(t, dir)
		fmt.Println("done")
		return
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestReplaceFullDisk$")
	child.Env = append(os.Environ(), "SIEVE_FULL_DISK="+dir)
	child.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := child.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "done\n")
}

func replaceOnFullDisk(t *testing.T, dir string) {
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"))
	name := func(s string) string { return filepath.Join(dir, s) }
	holds := func(file, want string) {
		t.Helper()
		text, err := os.ReadFile(name(file))
		require.NoError(t, err)
		require.Equal(t, want, string(text), file)
	}
	for _, file := range []string{"file", "stack.0", "stack.1", "mounted", "source"} {
		require.NoError(t, os.WriteFile(name(file), []byte("old"), 0o644))
	}
	require.NoError(t, syscall.Mount(name("source"), name("mounted"), "", syscall.MS_BIND, ""))
	large := make([]byte, 1<<17)

	require.ErrorIs(t, replaceFile(name("file"), large), syscall.ENOSPC)
	holds("file", "old")
	require.ErrorIs(t, replaceFiles([]string{name("stack.0"), name("stack.1")}, [][]byte{[]byte("new"), large}), syscall.ENOSPC)
	holds("stack.0", "old")
	holds("stack.1", "old")
	mounted, err := locate(name("mounted"))
	require.NoError(t, err)
	r := &replacement{place: mounted, text: large}
	require.ErrorIs(t, r.overwrite(), syscall.ENOSPC)
	r.discard()
	holds("mounted", "old")

	require.NoError(t, replaceFile(name("mounted"), []byte("newer")))
	holds("mounted", "newer")
	require.NoError(t, replaceFile(name("mounted"), []byte("a")), "what is shorter")
	holds("source", "a")
	require.NoError(t, replaceFiles([]string{name("stack.0"), name("stack.1")}, [][]byte{[]byte("new"), []byte("newer")}))
	holds("stack.1", "newer")

	require.NoError(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""))
	require.ErrorIs(t, replaceable(name("file")), syscall.EROFS)
	require.ErrorIs(t, replaceFile(name("file"), []byte("new")), syscall.EROFS)
	require.NoError(t, replaceable(name("mounted")))
	require.NoError(t, replaceFile(name("mounted"), []byte("again")))
	holds("source", "again")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 5, "something was left")

	full := write(t, "filter", "old") // and so the commands
	for _, args := range [][]string{{"compile", "--format", "raw"}, {"convert", "--to", "docker", "docker"}, {"merge", "--union", "--to", "docker", "docker", "docker"}} {
		got := call(t, "", append(append(args[:1:1], "-o", filepath.Join(dir, "file")), args[1:]...)...)
		require.Equal(t, statusTrouble, got.status, args)
		require.Contains(t, got.stderr, "file")
		holds("file", "old")
		got = call(t, "", append(append(args[:1:1], "-o", full), args[1:]...)...)
		require.Zero(t, got.status, got.stderr)
	}
}

// TestCannotRun: commands that are not there, or are no programs, end with the
// statuses of env(1) however they are run, and leave no profile of a run that was none.
func TestCannotRun(t *testing.T) {
	dir := t.TempDir()
	garbage, text, profile := filepath.Join(dir, "garbage"), filepath.Join(dir, "text"), filepath.Join(dir, "profile.json")
	require.NoError(t, os.WriteFile(garbage, []byte("garbage"), 0o755))
	require.NoError(t, os.WriteFile(text, []byte("text"), 0o644))
	ways := map[string][]string{
		"run":        {"run"},
		"explain":    {"run", "--explain"},
		"unconfined": {"run", "--profile", "unconfined"},
		"record":     {"record", "-o", profile},
	}
	for way, args := range ways {
		for command, want := range map[string]int{
			"no-such-command":            statusNotFound,
			filepath.Join(dir, "no"):     statusNotFound,
			filepath.Join(text, "below"): statusCannot,
			garbage:                      statusCannot,
			text:                         statusCannot,
			dir:                          statusCannot,
		} {
			status, stderr := under(t, nil, append(append([]string{}, args...), "--", command))
			assert.Equal(t, want, status, "%s %s: %s", way, command, stderr)
			assert.Contains(t, stderr, command)
			assert.NoFileExists(t, profile)
		}
	}
	folder := filepath.Join(dir, "report.json")
	require.NoError(t, os.Mkdir(folder, 0o755))
	marker := filepath.Join(dir, "marker")
	for _, args := range [][]string{
		{"record", "-o", filepath.Join(dir, "no", "profile.json")},
		{"record", "-o", ""},
		{"run", "--report", folder},
	} {
		status, stderr := under(t, nil, append(args, "--", "touch", marker))
		assert.Equal(t, statusFailed, status, stderr)
		assert.Contains(t, stderr, args[2])
		assert.NoFileExists(t, marker, "a run that cannot be written down was made")
	}
	fifo := filepath.Join(dir, "fifo")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(fifo)
		read <- string(text)
	}()
	status, stderr := under(t, nil, []string{"record", "-o", fifo, "--", "true"})
	assert.Zero(t, status, stderr)
	assert.Contains(t, <-read, "SCMP_ACT_ALLOW", "a pipe was read for an earlier run")
}
