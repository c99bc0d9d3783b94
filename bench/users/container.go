// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// containers are runc's suites that start containers and filter calls in them.
func containers() []suite {
	return []suite{
		{"go test ./libcontainer/integration -run Seccomp", integration},
		{"seccomp.bats", bats},
		{"seccomp-notify.bats", batsNotify},
	}
}

func bats(ctx context.Context, c *checkout) (tally, error) {
	return c.bats(ctx, "tests/integration/seccomp.bats")
}

func batsNotify(ctx context.Context, c *checkout) (tally, error) {
	return c.bats(ctx, "tests/integration/seccomp-notify.bats")
}

// bats runs one of runc's files against the program that was built, with the
// helpers where the file expects them.
func (c *checkout) bats(ctx context.Context, file string) (tally, error) {
	if reason := c.cannot(ctx); reason != "" {
		return tally{notRun: reason}, nil
	}
	helpers := filepath.Join(c.dir, "tests/cmd/_bin")
	if err := os.Symlink(filepath.Join(c.dir, "bin"), helpers); err != nil && !errors.Is(err, os.ErrExist) {
		return tally{}, err
	}
	out, err := c.contained(ctx, "RUNC='"+c.bin(".")+"' bats -t "+file)
	t, planned := readTAP(out)
	if n := t.passed + t.skipped + len(t.failed); n == 0 || n != planned {
		return t, fmt.Errorf("%d tests of %d ended: %v: %s", n, planned, err, out)
	}
	return t, nil
}

// integration runs the containers that libcontainer's own tests start.
func integration(ctx context.Context, c *checkout) (tally, error) {
	if reason := c.cannot(ctx); reason != "" {
		return tally{notRun: reason}, nil
	}
	out, err := c.contained(ctx, "go test -json -count=1 -tags '"+c.user.tags+"' ./libcontainer/integration -run Seccomp")
	t, readErr := readEvents(strings.NewReader(out))
	if readErr != nil {
		return t, readErr
	}
	if t.passed+len(t.failed) == 0 {
		return t, fmt.Errorf("no test ended: %v: %s", err, out)
	}
	return t, nil
}

// readTAP counts what bats prints, which says first how many tests there will be.
func readTAP(out string) (t tally, planned int) {
	lines := bufio.NewScanner(strings.NewReader(out))
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "1.."):
			planned, _ = strconv.Atoi(line[len("1.."):])
		case strings.HasPrefix(line, "ok ") && strings.Contains(line, " # skip"):
			t.skipped++
		case strings.HasPrefix(line, "ok "):
			t.passed++
		case strings.HasPrefix(line, "not ok "):
			_, name, _ := strings.Cut(strings.TrimPrefix(line, "not ok "), " ")
			t.failed = append(t.failed, name)
		}
	}
	if len(t.failed) > 0 {
		t.output = out
	}
	return t, planned
}

// contained runs a command line in namespaces of its own: with a fresh mount of
// cgroup2, a terminal, and no process left when it ends.
func (c *checkout) contained(ctx context.Context, line string) (string, error) {
	if err := errors.Join(c.images(), os.MkdirAll(c.temporary(), 0o777)); err != nil {
		return "", err
	}
	output := filepath.Join(c.dir, "output")
	if err := os.RemoveAll(output); err != nil { // of the suite before
		return "", err
	}
	err := c.namespaces(ctx, `exec script -qec "$0" /dev/null`, line+" >'"+output+"' 2>&1").Run()
	text, readErr := os.ReadFile(output)
	return string(text), errors.Join(err, readErr, c.removeCgroup(ctx))
}

// namespaces prepares a script as the first process of its namespaces. Their root
// of cgroup2 is a group of this checkout, since names of containers are the same in
// each run; the processes stand below it, where they do not keep runc from
// handing controllers on.
func (c *checkout) namespaces(ctx context.Context, script, argument string) *exec.Cmd {
	const enter = `mount -t cgroup2 none /sys/fs/cgroup && cd /sys/fs/cgroup && mkdir -p "$0" && echo 1 >"$0/cgroup.procs" &&
cd / && umount /sys/fs/cgroup && exec unshare --cgroup -- sh -c "$1" "$2"`
	inner := `mount -t cgroup2 none /sys/fs/cgroup && mkdir -p /sys/fs/cgroup/tests && echo 1 >/sys/fs/cgroup/tests/cgroup.procs && cd '` + c.dir + `' && ` + script
	cmd := exec.CommandContext(ctx, "unshare",
		"--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--propagation=private", "--",
		"sh", "-c", enter, c.cgroup(), inner, argument)
	cmd.Env = append(c.env, "TMPDIR="+c.temporary())
	return cmd
}

func (c *checkout) cgroup() string { return "users-" + filepath.Base(c.dir) }

// removeCgroup removes what namespaces and tests made, when their processes are gone.
func (c *checkout) removeCgroup(ctx context.Context) error {
	const remove = `mount -t cgroup2 none /sys/fs/cgroup && find "/sys/fs/cgroup/$0" -depth -type d -exec rmdir {} +`
	return c.command(ctx, "unshare", "--mount", "--propagation=private", "--", "sh", "-c", remove, c.cgroup()).Run()
}

// temporary is where tests leave what they make, the agent's socket too.
func (c *checkout) temporary() string { return filepath.Join(c.dir, "temporary") }

// cannot is why this machine starts no containers, or nothing.
func (c *checkout) cannot(ctx context.Context) string {
	if os.Geteuid() != 0 {
		return "not root"
	}
	for _, program := range []string{"bats", "busybox", "gcc", "jq", "script", "unshare"} {
		if _, err := exec.LookPath(program); err != nil {
			return "no " + program
		}
	}
	out, err := c.namespaces(ctx, "true", "").CombinedOutput()
	if err == nil {
		err = c.removeCgroup(ctx)
	}
	if err != nil {
		return strings.Join(strings.Fields(err.Error()+": "+string(out)), " ")
	}
	return ""
}

// images makes root file systems of the machine's static busybox, where runc's
// tests otherwise download two. They unpack with tar, which looks at the content.
func (c *checkout) images() error {
	folder := filepath.Join(c.dir, "tests/integration/testdata")
	image := filepath.Join(folder, "busybox-"+runtime.GOARCH+".tar.xz")
	if _, err := os.Stat(image); err == nil {
		return nil
	}
	file, err := os.Create(image)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := writeBusybox(tar.NewWriter(file)); err != nil {
		return err
	}
	return os.Symlink(image, filepath.Join(folder, "debian-"+runtime.GOARCH+".tar.xz"))
}

func writeBusybox(w *tar.Writer) error {
	path, err := exec.LookPath("busybox")
	if err != nil {
		return err
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	applets, err := exec.Command(path, "--list").Output()
	if err != nil {
		return err
	}
	for _, folder := range strings.Fields("bin dev etc home proc root sys tmp usr var") {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: folder + "/", Mode: 0o755}); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"bin/busybox": string(program),
		"etc/passwd":  "root:x:0:0:root:/root:/bin/sh\n",
		"etc/group":   "root:x:0:\n",
	} {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
			return err
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return err
		}
	}
	for _, applet := range strings.Fields(string(applets)) {
		if applet == "busybox" {
			continue
		}
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + applet, Linkname: "busybox"}); err != nil {
			return err
		}
	}
	return w.Close()
}
