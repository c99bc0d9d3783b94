// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// result is what a call of sieve gives.
type result struct {
	status         int
	stdout, stderr string
}

func call(t *testing.T, stdin string, args ...string) result {
	var stdout, stderr bytes.Buffer
	status := sieve(t.Context(), append([]string{"sieve"}, args...), strings.NewReader(stdin), &stdout, &stderr)
	return result{status, stdout.String(), stderr.String()}
}

// write puts a file into a new folder.
func write(t *testing.T, name, text string) string {
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	return name
}

const denyMount = `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
	"syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}`

func TestVersion(t *testing.T) {
	got := call(t, "", "--version")
	assert.Zero(t, got.status, "%+v", got)
	assert.Regexp(t, `^sieve version \S+\n$`, got.stdout)
}

func TestUsage(t *testing.T) {
	tests := map[string]struct {
		stdin  string
		args   []string
		status int
		stderr string
	}{
		"no such command":              {"", []string{"comple"}, 2, `sieve: unknown command "comple"`},
		"help on no such command":      {"", []string{"help", "lnit"}, 2, `sieve: help: unknown command "lnit"; did you mean "lint"? "sieve help" lists the commands`},
		"no such flag":                 {"", []string{"compile", "--frmat", "asm"}, 2, "-frmat"},
		"an argument too many":         {"", []string{"compile", "x.json", "y.json"}, 2, `compile: unexpected argument "y.json": want one FILE`},
		"two profiles":                 {"", []string{"compile", "--profile", "docker", "x.json"}, 2, `compile: "x.json" and --profile exclude each other`},
		"no such file":                 {"", []string{"compile", "--profile", "nowhere.json"}, 2, "nowhere.json: no such file"},
		"no such dialect":              {"", []string{"compile", "--dialect", "dokcer"}, 2, "--dialect"},
		"no such architecture":         {"", []string{"compile", "--arch", "amd46"}, 2, `--arch: unknown`},
		"no such kernel":               {"", []string{"compile", "--kernel", "six"}, 2, "--kernel"},
		"no such format":               {"", []string{"compile", "--format", "elf"}, 2, `unknown format "elf", want raw, asm, bpf_asm, c, json, crun or dot`},
		"no such ENOSYS mode":          {"", []string{"compile", "--enosys", "on"}, 2, `--enosys: unknown mode "on", want runc, known or off`},
		"no such width":                {"", []string{"compile", "--args", "thin"}, 2, `--args: unknown width "thin", want wide or narrow`},
		"JSON for systemd":             {denyMount, []string{"compile", "--dialect", "systemd", "--profile", "-"}, 2, "<stdin>:1:1: this looks like a docker, podman or oci document"},
		"an empty document":            {"{}", []string{"compile", "--profile", "-"}, 2, "<stdin>:1:1: defaultAction: no default action"},
		"a misspelt action":            {`{"defaultAction":"SCMP_ACT_ERNO"}`, []string{"compile", "--profile", "-"}, 2, `<stdin>:1:18: defaultAction: unknown action "SCMP_ACT_ERNO"`},
		"no such capability":           {denyMount, []string{"compile", "--profile", "-", "--cap", "CAP_SYS_ADMINN"}, 2, `--cap: unknown capability "CAP_SYS_ADMINN", nearest is "CAP_SYS_ADMIN"`},
		"no such capability to run":    {"", []string{"run", "--cap", "CAP_SYS_ADMINN", "--", "true"}, 125, `--cap: unknown capability`},
		"eval without calls":           {"", []string{"eval"}, 2, "calls"},
		"eval of a profile and filter": {"", []string{"eval", "--profile", "docker", "--filter", "x", "--calls", "-"}, 2, "exclude each other"},
		"disasm of nothing":            {"", []string{"disasm"}, 2, "want one FILE"},
		"disasm of nonsense":           {"nonsense", []string{"disasm", "-"}, 2, "sieve: <stdin>: "},
		"an unknown call":              {"", []string{"syscalls", "opennat"}, 2, `unknown call "opennat"; did you mean "openat"?`},
		"a call of another ABI":        {"", []string{"syscalls", "--arch", "arm64", "open"}, 2, `aarch64 has no call "open", other ABIs do`},
		"a number without a call":      {"", []string{"syscalls", "--arch", "amd64", "9999"}, 2, "x86_64 has no call 9999"},
		"run without a command":        {"", []string{"run"}, 125, "want a COMMAND"},
		"run with a broken profile":    {"{", []string{"run", "--profile", "-", "--", "true"}, 125, "<stdin>:1:2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, tt.stdin, tt.args...)
			assert.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stderr, tt.stderr)
			if tt.status != 0 {
				assert.Empty(t, got.stdout, "a failing command writes no result")
			}
		})
	}
}

// TestCompileFile: a profile may be given as an argument, as the other commands take it.
func TestCompileFile(t *testing.T) {
	name := write(t, "profile.json", denyMount)
	want := call(t, "", "compile", "--profile", name, "--arch", "amd64")
	require.Zero(t, want.status, want.stderr)
	assert.Equal(t, want, call(t, "", "compile", name, "--arch", "amd64"))
	assert.Equal(t, want, call(t, denyMount, "compile", "--arch", "amd64", "-"))
}

// TestExportDefault: the places that messages name in Docker's default are those of
// the file that convert writes.
func TestExportDefault(t *testing.T) {
	got := call(t, "", "explain", "mount")
	require.Equal(t, 1, got.status, got.stderr)
	place := regexp.MustCompile(`docker-default\.json:(\d+):(\d+): \S+caps`).FindStringSubmatch(got.stdout)
	require.NotNil(t, place, got.stdout)
	assert.Contains(t, got.stdout, `"sieve convert --to docker docker -o docker-default.json" writes it`)
	name := filepath.Join(t.TempDir(), "docker-default.json")
	got = call(t, "", "convert", "--to", "docker", "docker", "-o", name)
	require.Zero(t, got.status, got.stderr)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	line, _ := strconv.Atoi(place[1])
	column, _ := strconv.Atoi(place[2])
	assert.Equal(t, `"CAP_SYS_ADMIN"`, strings.Split(string(text), "\n")[line-1][column-1:], "%s", place[0])
	assert.Equal(t, call(t, "", "compile", "--arch", "amd64").stdout, call(t, "", "compile", "--arch", "amd64", name).stdout)
}

func TestHelpPID(t *testing.T) {
	got := call(t, "", "decompile", "--help")
	assert.Contains(t, got.stdout, "--pid PID")
	assert.NotContains(t, got.stdout, "default: 0")
}

// TestCapabilities: Docker's spelling of a capability is the kernel's, and ALL is all.
func TestCapabilities(t *testing.T) {
	compile := func(caps string) string {
		got := call(t, "", "compile", "--arch", "amd64", "--format", "raw", "--cap", caps)
		require.Zero(t, got.status, got.stderr)
		return got.stdout
	}
	none, admin, all := compile(""), compile("CAP_SYS_ADMIN"), compile("ALL")
	assert.Equal(t, admin, compile("SYS_ADMIN"))
	assert.NotEqual(t, none, admin)
	assert.NotEqual(t, admin, all)
	assert.Equal(t, all, compile("all, CAP_BPF"))
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"--help"}, {"run", "--help"}, {"compile", "--help"}, {"disasm", "-h"}, {"eval", "--help"}, {"prove", "--help"}, {"diff", "--help"}, {"syscalls", "--help"}, {"completion", "bash"}} {
		got := call(t, "", args...)
		assert.Zero(t, got.status, "%v: %+v", args, got)
		assert.NotEmpty(t, got.stdout, "%v", args)
		if len(args) == 2 && args[0] != "completion" {
			assert.Contains(t, got.stdout, "Examples:", "%v", args)
		}
	}
}

func TestEval(t *testing.T) {
	calls := `{"arch":"x86_64","nr":165,"args":[0,0,0,0,0,0]}

{"arch":"amd64","nr":0}
{"audit":3221225534,"nr":-1}
{"audit":1073741827,"nr":21,"args":[1,-1]}
`
	want := `{"action":"ERRNO(30)","value":327710}
{"action":"ALLOW","value":2147418112}
{"action":"ALLOW","value":2147418112}
{"action":"KILL_THREAD","value":0}
`
	profile := write(t, "deny.json", denyMount)
	flags := []string{"--profile", profile, "--arch", "amd64", "--enosys", "off"}
	got := call(t, calls, append([]string{"eval", "--calls", "-"}, flags...)...)
	assert.Equal(t, result{0, want, ""}, got)

	filter := filepath.Join(t.TempDir(), "deny.bpf")
	got = call(t, "", append([]string{"compile", "--format", "raw", "-o", filter}, flags...)...)
	require.Equal(t, result{}, got)
	got = call(t, "", "eval", "--filter", filter, "--calls", write(t, "calls", calls))
	assert.Equal(t, result{0, want, ""}, got)
}

func TestEvalRefuses(t *testing.T) {
	for name, tt := range map[string][2]string{
		"no JSON":               {"x", "<stdin>:1: call: invalid character"},
		"on the second line":    {`{"arch":"x86","nr":1}` + "\n{", "<stdin>:2: call: unexpected EOF"},
		"no ABI":                {`{"nr":1}`, `want one of "arch" and "audit"`},
		"two ABIs":              {`{"arch":"x86","audit":1,"nr":1}`, `want one of "arch" and "audit"`},
		"no number":             {`{"arch":"x86"}`, `want "nr" or "name"`},
		"no such name":          {`{"arch":"x86","name":"sokcet"}`, `name: unknown call "sokcet"; did you mean "socket"?`},
		"another number":        {`{"arch":"x86","name":"socket","nr":41}`, "name: socket is number 359 on x86, not 41"},
		"a name of no ABI":      {`{"audit":1,"name":"socket"}`, `name: want "arch" with it`},
		"an unknown ABI":        {`{"arch":"x68","nr":1}`, "arch: unknown"},
		"an unknown key":        {`{"arch":"x86","nr":1,"arg":[1]}`, `unknown field "arg"`},
		"seven arguments":       {`{"arch":"x86","nr":1,"args":[1,2,3,4,5,6,7]}`, "7 arguments, want at most 6"},
		"a fraction":            {`{"arch":"x86","nr":1.5}`, "nr: 1.5 is no integer of 32 bits"},
		"a number of 33 bits":   {`{"arch":"x86","nr":4294967296}`, "nr: 4294967296 is no integer of 32 bits"},
		"an argument of 2^64":   {`{"arch":"x86","nr":1,"args":[18446744073709551616]}`, "args[0]: 18446744073709551616 is no integer of 64 bits"},
		"two values on a line":  {`{"arch":"x86","nr":1}{}`, "more than one value on the line"},
		"an argument of a word": {`{"arch":"x86","nr":1,"args":["a"]}`, "<stdin>:1: call: "},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, tt[0], "eval", "--calls", "-", "--arch", "amd64")
			assert.Equal(t, 2, got.status)
			assert.Contains(t, got.stderr, tt[1])
		})
	}
}

// TestFormats writes one filter in every format, and reads back what can be read.
func TestFormats(t *testing.T) {
	for _, arch := range []string{"amd64", "s390x"} {
		compile := func(format string) string {
			got := call(t, denyMount, "compile", "--profile", "-", "--arch", arch, "--enosys", "off", "--format", format)
			require.Zero(t, got.status, got.stderr)
			return got.stdout
		}
		raw, asm := compile("raw"), compile("asm")
		assert.Equal(t, strings.Count(asm, "\n")*8, len(raw))
		assert.Contains(t, asm, "; ERRNO(30)")
		assert.Equal(t, asm, call(t, raw, "disasm", "-").stdout, "the byte order is found")
		assert.Equal(t, asm, call(t, raw, "disasm", "--arch", arch, "-").stdout)
		assert.Contains(t, compile("c"), "\t{ 0x20,   0,   0, 0x00000004 }, /*")
		assert.Contains(t, compile("json"), `{"code":32,"jt":0,"jf":0,"k":4}`)
		dot := compile("dot")
		assert.Contains(t, dot, "digraph filter {")
		assert.Contains(t, dot, `mount (`)
		if arch == "amd64" {
			assert.Contains(t, asm, "; mount")
			assert.Equal(t, raw, compile("raw"), "the same profile gives the same bytes")
		}
	}
	assert.Equal(t, 2, call(t, call(t, denyMount, "compile", "--profile", "-", "--arch", "s390x").stdout, "disasm", "--arch", "amd64", "-").status)
}

func TestSyscalls(t *testing.T) {
	got := call(t, "", "syscalls", "--arch", "x86", "semop", "5", "openat2")
	assert.Equal(t, result{0, "NUMBER  NAME     SINCE  WIDTHS\n" +
		"-       semop    -      only through ipc(1, ...)\n" +
		"5       open     1.0    64 32 16\n" +
		"437     openat2  5.6    32 64 64 64\n", ""}, got)
	assert.Greater(t, strings.Count(call(t, "", "syscalls", "--arch", "riscv64").stdout, "\n"), 300)
}

// TestProve compiles, proves, and changes one instruction.
func TestProve(t *testing.T) {
	flags := []string{"--profile", write(t, "deny.json", denyMount), "--arch", "amd64", "--enosys", "off"}
	filter := filepath.Join(t.TempDir(), "deny.bpf")
	require.Equal(t, result{}, call(t, "", append([]string{"compile", "--format", "raw", "-o", filter}, flags...)...))
	with := func(name string) result { return call(t, "", append([]string{"prove", "--filter", name}, flags...)...) }
	assert.Equal(t, result{}, with(filter))
	raw, err := os.ReadFile(filter)
	require.NoError(t, err)
	changed := strings.Replace(string(raw), "\xa5\x00\x00\x00", "\xa6\x00\x00\x00", 1) // mount, 165
	got := with(write(t, "changed.bpf", changed))
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.stderr, "x86_64 mount (165)")
	assert.Contains(t, got.stderr, "deny.json:2:")
	assert.Empty(t, got.stdout)
	traced := call(t, "", append([]string{"prove", "--trace", "--filter", write(t, "traced.bpf", changed)}, flags...)...)
	assert.Contains(t, traced.stdout, "ret  #0x7fff0000")
	assert.Contains(t, got.stderr, fmt.Sprintf("after %d instructions", strings.Count(traced.stdout, "\n")))
	assert.Equal(t, 2, with("no-such-file").status)
	assert.Equal(t, 2, with(write(t, "nonsense", "12345678")).status)
	assert.Contains(t, call(t, "", "prove").stderr, "want one of --filter and --pid")
	assert.Contains(t, call(t, "", "prove", "--filter", filter, "--pid", "1").stderr, "want one of --filter and --pid")
	assert.Contains(t, call(t, "", "prove", "--pid", "1073741824").stderr, "process 1073741824")
}

func TestDiff(t *testing.T) {
	deny := write(t, "deny.json", denyMount)
	allow := write(t, "allow.json", `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"]}`)
	filter := filepath.Join(t.TempDir(), "deny.bpf")
	require.Zero(t, call(t, "", "compile", "--profile", deny, "--arch", "amd64", "--format", "raw", "-o", filter).status)
	diff := func(args ...string) result {
		return call(t, denyMount, append([]string{"diff", "--arch", "amd64"}, args...)...)
	}
	different := func(a, place string) result {
		return result{1, "--- " + a + "\n+++ " + allow + "\n\nx86_64: opened\n  mount\n    - ERRNO(EROFS)" + place +
			"\n    + ALLOW         default action\n\n1 call opened, 0 closed, 0 changed otherwise\n", ""}
	}
	assert.Equal(t, different(deny, "  "+deny+":2:15"), diff(deny, allow))
	assert.Equal(t, different(filter, ""), diff(filter, allow))
	assert.Equal(t, different("<stdin>", "  <stdin>:2:15"), diff("-", allow))
	assert.Equal(t, result{}, diff(deny, filter))
	assert.Equal(t, result{}, diff(deny, deny))
	assert.Equal(t, 2, diff(deny).status)
	assert.Equal(t, 2, diff(deny, "nowhere.json").status)
	assert.Contains(t, diff("--pid", "1073741824", deny).stderr, "process 1073741824")
	assert.Contains(t, diff("--pid", "1", deny, allow).stderr, "want one profile or filter beside --pid")
	got := diff("docker", allow, "--limit", "1")
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.stdout, "; 1 set shown, and there are more\n")
	assert.Contains(t, got.stderr, "more than 1 set differs: --limit 0 shows all")
}

// TestDecompile goes from a profile to a filter and back to a profile that means
// the same.
func TestDecompile(t *testing.T) {
	filter := filepath.Join(t.TempDir(), "docker.bpf")
	require.Zero(t, call(t, "", "compile", "--arch", "amd64", "--format", "raw", "-o", filter).status)
	got := call(t, "", "decompile", "--arch", "amd64", filter)
	require.Zero(t, got.status, got.stderr)
	again := write(t, "again.json", got.stdout)
	assert.Equal(t, result{}, call(t, "", "prove", "--profile", again, "--arch", "amd64", "--filter", filter))

	got = call(t, "", "decompile", "--arch", "amd64", "--format", "rules", filter)
	assert.Zero(t, got.status)
	assert.Contains(t, got.stdout, "ABIs [x86_64 x86 x32], others KILL_THREAD")

	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no file":              {nil, "want one FILE"},
		"no such file":         {[]string{"nowhere.bpf"}, "no such file"},
		"a format":             {[]string{"--format", "c", filter}, `unknown format "c", want json or rules`},
		"a process and a file": {[]string{"--pid", "1", filter}, "exclude each other"},
		"no such process":      {[]string{"--pid", "1073741824"}, "process 1073741824"},
	} {
		got := call(t, "", append([]string{"decompile", "--arch", "amd64"}, tt.args...)...)
		assert.Equal(t, 2, got.status, name)
		assert.Contains(t, got.stderr, tt.want, name)
	}
	got = call(t, "\x06\x00\x00\x00\x00\x00\x00\x80", "decompile", "--arch", "amd64", "-")
	assert.Equal(t, 1, got.status, "what a document cannot say is an answer, as for convert and merge")
	assert.Contains(t, got.stderr, "docker cannot say this")
}
