// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/require"
)

// cases has a check for each row of cases/README.tsv in the reference material:
// small inputs that went wrong once. It is called with the folder, and asserts
// what the last column says is right.
var cases = map[string]func(t *testing.T, dir string){
	"chmod-alone.json": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--arch", "amd64", filepath.Join(dir, "chmod-alone.json"))
		require.Equal(t, 1, got.status)
		require.Regexp(t, `warning: chmod gets .* fchmod, fchmodat, fchmodat2, .*\(sibling-open\)`, got.stdout)
	},
	"clone3-eperm-by-gap.json":  clone3Denied,
	"clone3-eperm-by-rule.json": clone3Denied,
	"clone3-open.json": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--arch", "amd64", "--format", "json", "--severity", "error", filepath.Join(dir, "clone3-open.json"))
		require.Equal(t, 1, got.status)
		require.Contains(t, got.stdout, `"code": "sibling-unseen"`)
		require.Contains(t, got.stdout, `"nr": 435`)
	},
	"decompile-two-conditions.json": twoConditions,
	"docker-as-yaml.yaml": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--severity", "error", filepath.Join(dir, "docker-as-yaml.yaml"))
		require.NotEqual(t, 2, got.status, got.stderr)
		got = call(t, `{"arch":"amd64","nr":0}`, "eval", "--calls", "-", "--profile", filepath.Join(dir, "docker-as-yaml.yaml"))
		require.Contains(t, got.stdout, "ALLOW")
	},
	"er12F.asm er12G.asm": products,
	"firecracker-small.json": func(t *testing.T, dir string) {
		got := call(t, "", "explain", "--profile", filepath.Join(dir, "firecracker-small.json"), "--thread", "vmm", "--arch", "amd64", "getpid")
		require.Equal(t, 1, got.status, got.stderr)
		require.Contains(t, got.stdout, `firecracker-small.json: vmm.filter[3]: {"syscall":"getpid"}`)
	},
	"kill-default-x86.json": func(t *testing.T, dir string) {
		file := filepath.Join(dir, "kill-default-x86.json")
		got := call(t, "", "lint", "--arch", "amd64", "--severity", "error", file)
		require.Equal(t, 1, got.status)
		require.Contains(t, got.stdout, "on x86 statx gets KILL_PROCESS")
		got = call(t, "", "lint", "--arch", "x86", "--enosys", "off", "--severity", "error", file) // as crun does
		require.Contains(t, got.stdout, "on x86 statx gets KILL_PROCESS")
		require.Contains(t, got.stdout, "on x86 clock_gettime64 gets KILL_PROCESS")
		require.Contains(t, got.stdout, "on x86 clone3 gets KILL_PROCESS")
	},
	"listener-missing.json": func(t *testing.T, dir string) {
		out := filepath.Join(t.TempDir(), "OUT")
		for range 20 {
			got := call(t, "", "run", "--profile", filepath.Join(dir, "listener-missing.json"), "--", "sh", "-c", "for i in 1 2 3 4; do echo $i >>"+out+"; done")
			require.Equal(t, statusFailed, got.status)
			require.NoFileExists(t, out)
		}
	},
	"lost-p.asm lost-q.asm": lost,
	"minijail-guard.policy": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--dialect", "minijail", "--severity", "error", filepath.Join(dir, "minijail-guard.policy"))
		require.Equal(t, "1 file: 0 errors, 0 warnings, 0 notes\n", got.stdout+got.stderr)
	},
	"minijail-include/ok.policy": func(t *testing.T, dir string) {
		t.Chdir(filepath.Join(dir, "minijail-include"))
		got := call(t, "", "lint", "--severity", "error", "ok.policy")
		require.Equal(t, result{0, "1 file: 0 errors, 0 warnings, 0 notes\n", "sieve: ok.policy: read as minijail\n"}, got)
	},
	"no-runtime-calls.json": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--arch", "amd64", filepath.Join(dir, "no-runtime-calls.json"))
		require.Regexp(t, `runc makes calls of its own .*\(runtime-calls\)\n\tfix: add .*"capset".*"prctl"`, got.stdout)
		require.Regexp(t, `crun makes calls of its own .*\(runtime-calls\)\n\tfix: add .*"setresuid"`, got.stdout)
	},
	"parity.asm": parity,
	"runs-all-the-same.json": func(t *testing.T, dir string) {
		file := filepath.Join(dir, "runs-all-the-same.json")
		got := call(t, "", "lint", "--arch", "amd64", "--severity", "warning", file)
		require.Equal(t, result{0, "1 file: 0 errors, 0 warnings, 0 notes\n", ""}, got)
		got = call(t, "", "lint", "--arch", "amd64", file)
		require.NotContains(t, got.stdout, "linked with")
	},
	"sh1.asm sh2.asm": largeShifts,
	"strace-sigsys.log": func(t *testing.T, dir string) {
		got := call(t, "", "explain", "--audit", filepath.Join(dir, "strace-sigsys.log"))
		require.Zero(t, got.status, got.stderr)
		require.Regexp(t, `\n1 +clock_gettime64 +x86 +sends SIGSYS +SIGSYS\n`, got.stdout)
	},
	"to-mesos.json": func(t *testing.T, dir string) {
		args := []string{"convert", "--arch", "amd64", "--from", "docker", "--to", "mesos", "--resolve", filepath.Join(dir, "to-mesos.json")}
		got := call(t, "", args...)
		require.Equal(t, result{1, "", "sieve: mesos cannot say this: the answers of ENOSYS that runc adds to the document, for calls that it does not name\n" +
			"  it can with --enosys off, which takes what the profile says itself, without ENOSYS for calls that it does not name\n"}, got)
		got = call(t, "", append(args, "--enosys", "off")...)
		require.Zero(t, got.status, got.stderr)
	},
	"uprobe-denied.json": func(t *testing.T, dir string) {
		file := filepath.Join(dir, "uprobe-denied.json")
		for name, since := range map[string]string{"uretprobe": "6.14", "uprobe": "6.18"} {
			got := call(t, "", "explain", "--arch", "amd64", "--profile", file, name)
			lines := strings.SplitAfter(got.stdout, "\n")
			require.Regexp(t, `"names":\["uretprobe",.*\n      \|  *\^\n$`, strings.Join(lines[2:4], ""))
			got.stdout = strings.Join(append(lines[:2:2], lines[4:]...), "")
			require.Equal(t, result{0, name + " on x86_64 fails with EACCES\ndecided by: " + file + ":1:47\n" +
				"this does not count: Linux " + since + " and later ask no filter about the call\n", ""}, got)
			got = call(t, "", "explain", "--arch", "amd64", "--profile", file, "--format", "json", name)
			require.Contains(t, got.stdout, `"unfiltered":"`+since+`"`)
			got = call(t, "", "explain", "--arch", "amd64", "--profile", file, "--kernel", "6.13", name)
			require.NotContains(t, got.stdout, "does not count")
			got = call(t, "", "lint", "--arch", "amd64", file)
			require.Contains(t, got.stdout, "warning: ERRNO(13) for uretprobe does not count on x86_64: Linux 6.14 and later ask no filter about it (unfiltered-call)")
		}
		calls := `{"arch":"x86_64","nr":335}
{"arch":"x86_64","nr":336}
{"arch":"x86_64","nr":83}
{"arch":"x86","nr":335}`
		got := call(t, calls, "eval", "--arch", "amd64", "--profile", file, "--calls", "-")
		require.Equal(t, `{"action":"ERRNO(13)","value":327693,"unfiltered":"6.14"}
{"action":"ERRNO(13)","value":327693,"unfiltered":"6.18"}
{"action":"ERRNO(13)","value":327693}
{"action":"KILL_THREAD","value":0}
`, got.stdout)
	},
	"wait-killable-without-notify.json": func(t *testing.T, dir string) {
		got := call(t, "", "lint", "--severity", "error", filepath.Join(dir, "wait-killable-without-notify.json"))
		require.Equal(t, 1, got.status)
		require.Contains(t, got.stdout, "(wait-killable)")
	},
	"wp11.asm wq11.asm": openShifts,
}

// TestCases reads the table. Each row has a check.
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
			require.NotNil(t, check, "a row of the table without a check: sieve %s: right is %s", columns[1], columns[3])
			check(t, dir)
		})
	}
}

// clone3Denied is for profiles that let clone make threads, and answer clone3 with EPERM.
// The fix that is printed, applied, mends it and opens nothing.
func clone3Denied(t *testing.T, dir string) {
	name := strings.TrimPrefix(t.Name(), "TestCases/")
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	file := write(t, name, string(text))
	got := call(t, "", "lint", "--arch", "amd64", "--severity", "error", file)
	require.Equal(t, 1, got.status)
	require.Contains(t, got.stdout, "error: on x86_64 clone3 gets ERRNO(1)")
	got = call(t, "", "explain", "--arch", "amd64", "--profile", file, "clone3")
	require.Contains(t, got.stdout, `{"names":["clone3"],"action":"SCMP_ACT_ERRNO","errnoRet":38}`)
	if name == "clone3-eperm-by-rule.json" {
		require.NotContains(t, got.stdout, "to allow it", "nothing that opens what the rule for clone closes")
	}
	require.Equal(t, 0, call(t, "", "lint", "--arch", "amd64", "--fix", "--unsafe", "--severity", "error", file).status)
	got = call(t, `{"arch":"x86_64","nr":435}`, "eval", "--arch", "amd64", "--profile", file, "--calls", "-")
	require.Contains(t, got.stdout, "ERRNO(38)")
}
