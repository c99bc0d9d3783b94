// SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// suggested is a word that a message suggests, in each form that messages have.
var suggested = []*regexp.Regexp{
	regexp.MustCompile(`did you mean "([^"]+)"`), regexp.MustCompile(`did you mean --([a-z-]+)\?`), regexp.MustCompile(`did you mean (\w+)\?`),
	regexp.MustCompile(`nearest is "([^"]+)"`), regexp.MustCompile(`fix: write "?([^"\n]+?)"?\n`),
}

// suggestionIn is the word that is suggested for one, in the message about it and the fix below.
func suggestionIn(said, word string) string {
	lines := strings.SplitAfter(said, "\n")
	for i, line := range lines {
		if !strings.Contains(line, `"`+word+`"`) && !strings.Contains(line, word+"=") && !strings.Contains(line, "-"+word) && !strings.Contains(line, "'"+word+"'") && !strings.Contains(line, "open "+word) {
			continue
		}
		if strings.HasPrefix(strings.TrimLeft(line, " 0123456789"), "| ") {
			continue // the line of the document
		}
		message := line
		for _, next := range lines[i+1:] {
			if strings.HasPrefix(next, "\tfix: ") {
				message += next
			} else if !strings.HasPrefix(strings.TrimLeft(next, " 0123456789"), "|") {
				break
			}
		}
		for _, form := range suggested {
			if m := form.FindStringSubmatch(message); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

// TestSuggestions has a wrong word in each place where a document or a command line has a word
// of a vocabulary: the word that is suggested is the one that was meant, and with it in the place
// of the wrong one nothing is said of it any more.
func TestSuggestions(t *testing.T) {
	in := func(file, text string, flags ...string) func(string) []string {
		return func(word string) []string {
			return append(append([]string{"lint", "--arch", "amd64", "--severity", "warning"}, flags...), write(t, file, strings.ReplaceAll(text, "§", word)))
		}
	}
	docker := func(text string) func(string) []string {
		return in("x.json", `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], `+text+`}`)
	}
	rule := func(text string) func(string) []string {
		return docker(`"syscalls": [{"names": ["execve"], "action": "SCMP_ACT_ALLOW", ` + text + `}]`)
	}
	podman := func(text string) func(string) []string {
		return in("x.json", `{"defaultAction": "SCMP_ACT_ERRNO", `+text+`}`, "--dialect", "podman")
	}
	minijail := func(text string) func(string) []string { return in("x.policy", text+"\nwrite: 1\n") }
	systemd := func(text string) func(string) []string {
		return in("x.service", "[Service]\nSystemCallFilter=read\n"+text+"\n")
	}
	firecracker := func(text string) func(string) []string {
		return in("x.json", `{"vmm": {`+text+`}}`, "--dialect", "firecracker")
	}
	fireRule := func(text string) func(string) []string {
		return firecracker(`"default_action": "trap", "filter_action": "allow", "filter": [` + text + `]`)
	}
	spo := func(text string) func(string) []string {
		return in("x.yaml", "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\nkind: SeccompProfile\nmetadata: {name: x}\nspec: {"+text+"}\n", "--dialect", "spo")
	}
	agent := func(text string) func(string) []string {
		return in("x.json", `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}], "syscalls": [`+text+`]}`, "--dialect", "mesos")
	}
	agentRule := func(name, action, args, caps string) func(string) []string {
		return agent(`{"names": ["` + name + `"], "action": "` + action + `", "args": [` + args + `], "includes": {` + caps + `}, "excludes": {}}`)
	}
	line := func(words ...string) func(string) []string {
		return func(word string) []string {
			args := make([]string, len(words))
			for i, w := range words {
				args[i] = strings.ReplaceAll(w, "§", word)
			}
			return args
		}
	}
	const value = `"index": 0, "value": 1, "op": `
	for name, row := range map[string]struct {
		args  func(word string) []string
		words string // the wrong ones, separated by spaces
		want  string
	}{
		"an action":                  {docker(`"syscalls": [{"names": ["bpf"], "action": "§"}]`), "allow ALLOW alow SCMP_ALLOW SECCOMP_RET_ALLOW SCMP_ACT_ALOW", "SCMP_ACT_ALLOW"},
		"an action that denies":      {docker(`"syscalls": [{"names": ["bpf"], "action": "§"}]`), "SCMP_ACT_KILLPROCESS kill_process", "SCMP_ACT_KILL_PROCESS"},
		"an architecture":            {docker(`"architectures": ["§"]`), "amd64 x86-64 x86_64 SCMP_ARCH_AMD64 scmp_arch_x86_64 AUDIT_ARCH_X86_64 SCMP_ARCH_X8664", "SCMP_ARCH_X86_64"},
		"an architecture of ARM":     {docker(`"architectures": ["SCMP_ARCH_X86_64", "§"]`), "arm64 aarch64 SCMP_ARCH_ARM64", "SCMP_ARCH_AARCH64"},
		"an operator":                {rule(`"args": [{` + value + `"§"}]`), "== EQ eq SCMP_CMP_EQUAL SCMP_CMP_EQL", "SCMP_CMP_EQ"},
		"another operator":           {rule(`"args": [{` + value + `"§"}]`), "!= NEQ SCMP_CMP_NEQ", "SCMP_CMP_NE"},
		"an operator with a mask":    {rule(`"args": [{"index": 0, "value": 1, "valueTwo": 1, "op": "§"}]`), "& SCMP_CMP_MASK_EQ SCMP_CMP_MASKEDEQ", "SCMP_CMP_MASKED_EQ"},
		"a capability":               {rule(`"includes": {"caps": ["§"]}`), "SYS_ADMIN cap_sys_admin CAP_SYSADMIN sysadmin CAP_SYS_ADMN", "CAP_SYS_ADMIN"},
		"a flag":                     {docker(`"flags": ["§"]`), "LOG log SECCOMP_FLAG_LOG SECCOMP_FILTER_FLAG_LOGS", "SECCOMP_FILTER_FLAG_LOG"},
		"a kernel":                   {rule(`"includes": {"minKernel": "§"}`), "v6.1 6,1 6.1.0-rc1", "6.1"},
		"a call":                     {docker(`"syscalls": [{"names": ["§"], "action": "SCMP_ACT_ALLOW"}]`), "excve EXECVE sys_execve __NR_execve", "execve"},
		"a key":                      {docker(`"§": []`), "syscal Syscals", "syscalls"},
		"the default's key":          {in("x.json", `{"§": "SCMP_ACT_ALLOW"}`), "defaultActoin default_action", "defaultAction"},
		"a rule's key":               {docker(`"syscalls": [{"names": ["execve"], "§": "SCMP_ACT_ALLOW"}]`), "acton actions", "action"},
		"an errno of podman":         {podman(`"defaultErrno": "§"`), "EPREM eperm", "EPERM"},
		"an action of minijail":      {minijail("read: §"), "ALLOW Allow alow SCMP_ACT_ALLOW", "allow"},
		"another of minijail":        {minijail("read: §"), "kill_process killprocess SCMP_ACT_KILL_PROCESS", "kill-process"},
		"an operator of minijail":    {minijail("read: arg0 § 1"), "= eq", "=="},
		"an argument of minijail":    {minijail("read: § == 1"), "argO agr0", "arg0"},
		"a constant of minijail":     {minijail("socket: arg0 == §"), "AF_INTE af_inet", "AF_INET"},
		"an errno of minijail":       {minijail("read: return §"), "EPREM eperm", "EPERM"},
		"a call of minijail":         {minijail("§: 1"), "reed raed", "read"},
		"a set of systemd":           {systemd("SystemCallFilter=§"), "@system-servce system-service", "@system-service"},
		"a call of systemd":          {systemd("SystemCallFilter=§"), "wirte", "write"},
		"an architecture of systemd": {systemd("SystemCallArchitectures=§"), "amd64 x86_64 SCMP_ARCH_X86_64", "x86-64"},
		"the native one":             {systemd("SystemCallArchitectures=§"), "natve NATIVE", "native"},
		"an errno of systemd":        {systemd("SystemCallErrorNumber=§"), "EPREM eperm", "EPERM"},
		"a setting of systemd":       {systemd("§=EPERM"), "SystemCallErrorNumbr systemcallerrornumber", "SystemCallErrorNumber"},
		"an action of firecracker":   {firecracker(`"default_action": "§", "filter_action": "allow", "filter": []`), "Trap SCMP_ACT_TRAP", "trap"},
		"an operator of firecracker": {fireRule(`{"syscall": "read", "args": [{"index": 0, "type": "dword", "op": "§", "val": 1}]}`), "== EQ SCMP_CMP_EQ", "eq"},
		"a type of firecracker":      {fireRule(`{"syscall": "read", "args": [{"index": 0, "type": "§", "op": "eq", "val": 1}]}`), "dwrd DWORD", "dword"},
		"a field of firecracker":     {firecracker(`"§": "trap", "filter_action": "allow", "filter": []`), "defalt_action defaultAction", "default_action"},
		"a call of firecracker":      {fireRule(`{"syscall": "§"}`), "reed", "read"},
		"an action of spo":           {spo("defaultAction: §"), "ALLOW allow", "SCMP_ACT_ALLOW"},
		"an architecture of spo":     {spo("defaultAction: SCMP_ACT_ALLOW, architectures: [§]"), "amd64 x86-64 SCMP_ARCH_AMD64", "SCMP_ARCH_X86_64"},
		"an operator of spo":         {spo(`defaultAction: SCMP_ACT_ALLOW, syscalls: [{names: [execve], action: SCMP_ACT_LOG, args: [{index: 0, value: 1, op: "§"}]}]`), "== SCMP_CMP_EQUAL", "SCMP_CMP_EQ"},
		"a flag of spo":              {spo("defaultAction: SCMP_ACT_ALLOW, flags: [§]"), "LOG", "SECCOMP_FILTER_FLAG_LOG"},
		"a key of spo":               {spo("§: SCMP_ACT_ALLOW"), "defaultActon defaultaction", "defaultAction"},
		"another key of spo":         {spo("defaultAction: SCMP_ACT_ALLOW, §: []"), "syscal Syscalls", "syscalls"},
		"an action of an agent":      {agentRule("read", "§", "", ""), "ALLOW allow", "SCMP_ACT_ALLOW"},
		"an operator of an agent":    {agentRule("read", "SCMP_ACT_ALLOW", `{"index": 0, "value": 1, "valueTwo": 0, "op": "§"}`, ""), "== EQ SCMP_CMP_EQUAL", "SCMP_CMP_EQ"},
		"a capability of an agent":   {agentRule("read", "SCMP_ACT_ALLOW", "", `"caps": ["§"]`), "SYS_ADMIN", "CAP_SYS_ADMIN"},
		"a call of an agent":         {agentRule("§", "SCMP_ACT_ALLOW", "", ""), "reed", "read"},
		"a command":                  {line("§", "--arch", "amd64", "docker"), "complie Compile compil", "compile"},
		"a command to help":          {line("help", "§"), "recrod", "record"},
		"the version":                {line("§"), "version", "--version"},
		"Docker's default":           {line("compile", "--format", "asm", "--arch", "amd64", "§"), "doker Docker", "docker"},
		"Docker's default, diff":     {line("diff", "--arch", "amd64", "docker", "§"), "doker", "docker"},
		"a flag of a command":        {line("compile", "--§", "docker", "--arch", "amd64", "--format", "asm"), "profil profiel profile-file", "profile"},
		"--arch":                     {line("compile", "--format", "asm", "--arch", "§", "docker"), "x86-64 X86_64", "x86_64"},
		"--arch, another":            {line("compile", "--format", "asm", "--arch", "§", "docker"), "amd46 AMD64", "amd64"},
		"--abi":                      {line("explain", "--arch", "amd64", "--abi", "§", "read"), "i836", "i386"},
		"--kernel":                   {line("compile", "--format", "asm", "--arch", "amd64", "--kernel", "§", "docker"), "v6.1 6,1", "6.1"},
		"--written":                  {line("compile", "--format", "asm", "--arch", "amd64", "--enosys", "known", "--written", "§", "docker"), "v6.1", "6.1"},
		"--cap":                      {line("compile", "--format", "asm", "--arch", "amd64", "--cap", "§", "docker"), "SYS_ADMN sysadmin", "CAP_SYS_ADMIN"},
		"--dialect":                  {line("lint", "--arch", "amd64", "--dialect", "§", "docker"), "Docker dokcer", "docker"},
		"--to":                       {line("convert", "--arch", "amd64", "--to", "§", "--resolve", "docker"), "opodman podmn", "podman"},
		"--format":                   {line("compile", "--arch", "amd64", "--format", "§", "docker"), "ASM asn", "asm"},
		"--severity":                 {line("lint", "--arch", "amd64", "--severity", "§", "docker"), "warn WARNING", "warning"},
		"--denied":                   {line("merge", "--arch", "amd64", "--subtract", "--denied", "§", "docker", "docker"), "ERRNO errno SCMP_ACT_ERNO", "SCMP_ACT_ERRNO"},
		"the errno of --denied":      {line("merge", "--arch", "amd64", "--subtract", "--denied", "SCMP_ACT_ERRNO:§", "docker", "docker"), "EPERM eperm", "1"},
		"a call to explain":          {line("explain", "--arch", "amd64", "§"), "reed READ SYS_read", "read"},
		"a constant to explain":      {line("explain", "--arch", "amd64", "socket", "§"), "AF_INTE AF_INETT", "AF_INET"},
		"a call to syscalls":         {line("syscalls", "--arch", "amd64", "§"), "reed", "read"},
		"a shell":                    {line("completion", "§"), "bsh", "bash"},
	} {
		t.Run(name, func(t *testing.T) {
			for word := range strings.SplitSeq(row.words, " ") {
				got := call(t, "", row.args(word)...)
				require.NotZero(t, got.status, "%q is taken: %+v", word, got)
				near := suggestionIn(got.stdout+got.stderr, word)
				require.Equal(t, row.want, near, "%q: %+v", word, got)
				again := call(t, "", row.args(near)...)
				assert.NotEqual(t, statusTrouble, again.status, "%q: %+v", near, again)
				for said := range strings.Lines(again.stdout + again.stderr) {
					if !strings.Contains(said, "| ") {
						assert.NotRegexp(t, `(unknown|unexpected|invalid|not looked at|is no ).*"`+regexp.QuoteMeta(near)+`"`, said)
					}
				}
			}
		})
	}
}

// TestFlagOfAnother: a flag that another command has is named with the command.
func TestFlagOfAnother(t *testing.T) {
	for want, args := range map[string][]string{
		`-calls; "sieve eval" has it: `:  {"compile", "--calls", "x"},
		`-union; "sieve merge" has it: `: {"diff", "--union", "a", "b"},
		`did you mean --profile?`:        {"compile", "--profil", "x"},
	} {
		got := call(t, "", args...)
		assert.Equal(t, statusTrouble, got.status)
		assert.Contains(t, got.stderr, want)
	}
}
