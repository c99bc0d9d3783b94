// SPDX-License-Identifier: Apache-2.0

package consumers

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// consumer is a section of the page.
type consumer struct {
	title    string
	programs []string // that must be installed
	// before is run in front of the page's lines: what a machine has that is set up for them.
	before string
	cgroup bool // wants a unified cgroup hierarchy
}

var consumers = []consumer{
	{title: "bubblewrap", programs: []string{"bwrap"}},
	{title: "minijail", programs: []string{"minijail0"}},
	{title: "crun", programs: []string{"crun", "jq"}, before: crunAlone, cgroup: true},
	{title: "runc", programs: []string{"runc", "jq"}},
	{title: "containerd", programs: []string{"ctr", "containerd", "runc"}, before: containerd},
	{title: "Podman", programs: []string{"podman", "crun", "conmon"}, before: podman, cgroup: true},
	{title: "Docker", programs: []string{"docker", "dockerd", "containerd", "runc"}, before: dockerd},
}

// limited is true in a shell whose processes cannot raise limits: runtimes do that, and fail.
const limited = `! (setpriv --dump 2>/dev/null | grep -q '^Capability bounding set:.*sys_resource')`

// crunAlone has crun leave cgroups alone where it cannot raise the limit of locked memory.
const crunAlone = `
if ` + limited + `; then
	real=$(command -v crun)
	mkdir wrapped
	printf '#!/bin/sh\nexec %s --cgroup-manager=disabled "$@"\n' "$real" >wrapped/crun
	chmod +x wrapped/crun
	PATH=$PWD/wrapped:$PATH
fi
`

// podman stores all that it keeps in the test's folder, and asks for no limits that it cannot have.
const podman = `
printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/graph"\nrunroot = "%s/run"\n' "$PWD" "$PWD" >storage.conf
printf '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n' >containers.conf
if ` + limited + `; then
	printf '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\ncgroups = "disabled"\n' >>containers.conf
fi
export CONTAINERS_STORAGE_CONF=$PWD/storage.conf CONTAINERS_CONF=$PWD/containers.conf
`

const containerd = `
export CONTAINERD_ADDRESS=$PWD/containerd.sock
containerd --root "$PWD/root" --state "$PWD/state" --address "$CONTAINERD_ADDRESS" >daemon.log 2>&1 &
for i in $(seq 100); do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
ctr version >/dev/null 2>&1 || { tail -3 daemon.log; exit 77; }
`

const dockerd = `
export DOCKER_HOST=unix://$PWD/docker.sock DOCKER_CONFIG=$PWD
dockerd --host "$DOCKER_HOST" --data-root "$PWD/root" --exec-root "$PWD/exec" --pidfile "$PWD/pid" --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs >daemon.log 2>&1 &
for i in $(seq 200); do docker version >/dev/null 2>&1 && break; sleep 0.1; done
docker version >/dev/null 2>&1 || { tail -3 daemon.log; exit 77; }
`

// unsuitable is the status of a script on a machine that lacks what before needs.
const unsuitable = 77

// page is docs/consumers.md: its profile, the lines that make the root file system, and the
// lines of each section, a block after the other.
type page struct {
	profile, rootfs string
	sections        map[string][]string
}

func readPage(t *testing.T) page {
	t.Helper()
	text, err := os.ReadFile("../../docs/consumers.md")
	if err != nil {
		t.Fatal(err)
	}
	p := page{sections: map[string][]string{}}
	block := regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		for _, m := range block.FindAllStringSubmatch(body, -1) {
			switch {
			case m[1] == "json":
				p.profile = m[2]
			case title == "The example":
				p.rootfs = m[2]
			default:
				p.sections[title] = append(p.sections[title], m[2])
			}
		}
	}
	return p
}

// TestConsumers runs every line of the page twice: with the page's profile, under which the
// shell's call fails, and with one that allows it.
func TestConsumers(t *testing.T) {
	p := readPage(t)
	if len(p.sections) != len(consumers) {
		t.Fatalf("the page has %d sections with lines, the test %d", len(p.sections), len(consumers))
	}
	bin := build(t)
	for _, c := range consumers {
		t.Run(c.title, func(t *testing.T) {
			need(t, c)
			blocks := p.sections[c.title]
			if len(blocks) == 0 {
				t.Fatal("the page has no lines for it")
			}
			for n, lines := range blocks {
				denied := run(t, c, bin, p.rootfs, p.profile, lines)
				if denied.status == 0 || strings.Contains(denied.stdout, "made") || !strings.Contains(denied.stderr, "Operation not permitted") {
					t.Errorf("block %d with a profile that forbids the call: %v", n, denied)
				}
				allowed := run(t, c, bin, p.rootfs, allowing(t, p.profile), lines)
				if allowed.status != 0 || !strings.HasSuffix(strings.TrimSpace(allowed.stdout), "made") {
					t.Errorf("block %d with a profile that allows the call: %v", n, allowed)
				}
			}
		})
	}
}

// allowing is the profile with another action.
func allowing(t *testing.T, profile string) string {
	t.Helper()
	text := strings.Replace(profile, `"action": "SCMP_ACT_ERRNO", "errnoRet": 1`, `"action": "SCMP_ACT_ALLOW"`, 1)
	if text == profile {
		t.Fatal("the page's profile has no such action")
	}
	return text
}

// build is a folder with the command.
func build(t *testing.T) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("container runtimes are run as root, and this user is not")
	}
	if out, err := exec.CommandContext(t.Context(), "unshare", namespaces[1:]...).CombinedOutput(); err != nil {
		t.Skipf("no namespaces can be made: %v: %s", err, out)
	}
	if _, err := os.Stat("/bin/busybox"); err != nil {
		t.Skipf("the root file system is made of busybox-static: %v", err)
	}
	bin := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "sieve"), "./cmd/sieve")
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return bin
}

// need skips what is not installed.
func need(t *testing.T, c consumer) {
	t.Helper()
	for _, program := range c.programs {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: .ci/consumers installs it", program)
		}
	}
}

// namespaces are those in which lines are run: mounts for what before mounts, and processes, so
// that daemons end with the script.
var namespaces = []string{"unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "true"}

// outcome is how a script ended.
type outcome struct {
	status         int
	stdout, stderr string
}

func (o outcome) String() string {
	return fmt.Sprintf("status %d\n%s\n%s", o.status, o.stdout, o.stderr)
}

// run runs lines of the page in a folder of their own.
func run(t *testing.T, c consumer, bin, rootfs, profile, lines string) outcome {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "consumer") // sockets have short names
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "profile.json"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	script := "set -e\n" + rootfs + c.before + lines
	if c.cgroup {
		script = `[ -e /sys/fs/cgroup/cgroup.controllers ] || mount -t cgroup2 none /sys/fs/cgroup || exit 77` + "\n" + script
	}
	args := append(namespaces[1:len(namespaces)-1:len(namespaces)-1], "sh", "-c", script)
	cmd := exec.CommandContext(ctx, namespaces[0], args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+bin+":/usr/local/sbin:/usr/sbin:/sbin:"+os.Getenv("PATH"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, 5*time.Second
	if err := cmd.Run(); ctx.Err() != nil {
		t.Fatalf("the lines did not end: %v\n%s\n%s", err, &stdout, &stderr)
	}
	o := outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	if o.status == unsuitable {
		t.Skipf("this machine is not fit for it: %s", strings.TrimSpace(o.stdout+o.stderr))
	}
	return o
}
