// SPDX-License-Identifier: Apache-2.0

package derive_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/derive"
	"github.com/gosieve/sieve/seccomp"
)

// find derives the program in a folder of testdata, if there is a go command.
func find(t *testing.T, folder string, abi arch.Arch) *derive.Result {
	t.Helper()
	r, err := derive.Derive(context.Background(), derive.Config{Dir: module(t, folder), Arch: abi}, ".")
	require.NoError(t, err)
	return r
}

// module copies a folder of testdata to where no go.work is above it, with a go.mod.
func module(t *testing.T, folder string) string {
	t.Helper()
	needGo(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/"+folder)))
	require.NoError(t, os.WriteFile(dir+"/go.mod", []byte("module example.com/"+folder+"\n\ngo 1.25\n"), 0o666))
	return dir
}

func needGo(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command, which lists the packages of a program")
	}
}

// ways are the calls of testdata/ways, each made in another way.
var ways = []struct{ call, way string }{
	{"ptrace", "method by interface"},
	{"acct", "method value"},
	{"chroot", "goroutine"},
	{"pivot_root", "generic function"},
	{"sethostname", "reflect.Value.MethodByName"},
	{"setdomainname", "text/template"},
	{"syslog", "time.AfterFunc"},
	{"swapon", "runtime.SetFinalizer"},
	{"init_module", "runtime.AddCleanup"},
	{"quotactl", "iter.Pull"},
	{"reboot", "function value cast by unsafe"},
	{"add_key", "linkname to syscall.rawSyscallNoError"},
	{"delete_module", "linkname to syscall.RawSyscall6"},
	{"vhangup", "number in assembly"},
	{"personality", "number passed to assembly"},
	{"swapoff", "function called by assembly"},
	{"request_key", "init of a dependency"},
	{"settimeofday", "package variable"},
	{"kexec_load", "field"},
	{"mount", "result of a function"},
	{"umount2", "result of a function"},
	{"migrate_pages", "function in a variable"},
	{"move_pages", "function in a variable whose address is taken"},
	{"perf_event_open", "function in a variable that is passed on"},
	{"lookup_dcookie", "function in a variable that assembly calls"},
	{"vmsplice", "array in a loop"},
	{"nfsservctl", "array in a loop"},
	{"setgroups", "AllThreadsSyscall"},
	{"arch_prctl", "start of the runtime"},
	{"restart_syscall", "made by the kernel"},
	{"execve", "made by the launch"},
}

func TestWays(t *testing.T) {
	for _, abi := range []arch.Arch{arch.X86_64, arch.AArch64} {
		t.Run(abi.String(), func(t *testing.T) {
			t.Parallel()
			r := find(t, "ways", abi)
			for _, w := range ways {
				if _, ok := abi.Number(w.call); ok {
					assert.True(t, r.Allows(w.call), "%s: %s", w.way, w.call)
				}
			}
			assert.Empty(t, r.Unknown)
			assert.Empty(t, r.Children)
			for _, never := range []string{"mlockall", "keyctl", "mbind", "bpf", "socket", "io_setup"} {
				assert.False(t, r.Allows(never), "%s: nothing makes it", never)
			}
		})
	}
}

// TestPaths: a path begins at a root, each step has its place, and it ends where the call
// is made.
func TestPaths(t *testing.T) {
	t.Parallel()
	r := find(t, "ways", arch.X86_64)
	for _, row := range []struct{ call, path, at, module string }{
		{"ptrace", "main.main main.go:0; ?(example.com/ways.byInterface).call main.go:96", "main.go:25", "example.com/ways"},
		{"chroot", "main.main main.go:0; main.byGoroutine main.go:99", "main.go:31", "example.com/ways"},
		{"request_key", "", "dep/dep.go:6", "example.com/ways"},
		{"vhangup", "main.main main.go:0; main.vhangup main.go:", "call_amd64.s:7", "example.com/ways"},
	} {
		c := r.Call(row.call)
		require.NotNil(t, c, row.call)
		require.Len(t, c.Places, 1, row.call)
		place := c.Places[0]
		assert.Contains(t, place.Position.String(), row.at, row.call)
		assert.Equal(t, []string{row.module}, c.Modules, row.call)
		assert.Equal(t, derive.Program, c.Origin)
		assert.Equal(t, place.Function, place.Path[len(place.Path)-1].Function)
		if row.path != "" {
			assert.Contains(t, pathOf(place.Path), strings.ReplaceAll(row.path, "main.go:0", ""), row.call)
		}
		for _, s := range place.Path[1:] {
			if !strings.Contains(s.Function, ".init") {
				assert.NotZero(t, s.Position.Line, "%s: %s", row.call, s.Function)
			}
		}
	}
}

func pathOf(path []derive.Step) string {
	var steps []string
	for _, s := range path {
		step := s.Function + " " + s.Position.String()
		if s.Guess {
			step = "?" + step
		}
		steps = append(steps, step)
	}
	return strings.Join(steps, "; ")
}

// TestUnknown: every place whose number is not in the source is reported, and none is
// taken for 0.
func TestUnknown(t *testing.T) {
	t.Parallel()
	r := find(t, "unknown", arch.X86_64)
	var got []string
	for _, u := range r.Unknown {
		got = append(got, u.Kind+" "+u.Place.Position.String())
		assert.NotEmpty(t, u.Message)
	}
	assert.ElementsMatch(t, marked(t, "testdata/unknown"), got)
	require.Len(t, r.Children, 1)
	assert.Equal(t, "main.main ; syscall.Exec main.go:56", pathOf(r.Children[0].Path))
}

// marked are the places that comments say are unknown: "kind file:line".
func marked(t *testing.T, folder string) (list []string) {
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, f := range files {
		text, err := os.ReadFile(folder + "/" + f.Name())
		require.NoError(t, err)
		for i, line := range strings.Split(string(text), "\n") {
			if _, kind, ok := strings.Cut(line, "// unknown: "); ok {
				list = append(list, fmt.Sprintf("%s %s:%d", kind, f.Name(), i+1))
			}
		}
	}
	require.NotEmpty(t, list)
	return list
}

// TestArgs: arguments that are constants at all places are known, through wrappers, assembly
// and results, and those of a call with one open place are not.
func TestArgs(t *testing.T) {
	t.Parallel()
	for _, abi := range []arch.Arch{arch.X86_64, arch.AArch64} {
		r, err := derive.Derive(context.Background(), derive.Config{Dir: module(t, "args"), Arch: abi, Args: true}, ".")
		require.NoError(t, err)
		const all = 1<<32 - 1
		for call, want := range map[string][][]derive.Arg{
			"socket":  {{{0, 1, all}, {1, 5, all}}, {{0, 2, all}, {1, 5, all}}, {{0, 17, all}, {1, 3, all}}},
			"fcntl":   {{{1, 1, all}}, {{1, 1030, all}}},
			"ptrace":  nil, // one of its places is open
			"umount2": {{{1, 2, all}}, {{1, 8, all}}},
		} {
			c := r.Call(call)
			require.NotNil(t, c, call)
			for _, s := range want {
				assert.Contains(t, c.Sets, s, call)
			}
			if want == nil {
				assert.Empty(t, c.Sets, call)
			} else {
				assert.GreaterOrEqual(t, len(c.Sets), len(want), call)
			}
		}
		thread := uint64(0x50f00) // CLONE_VM, FS, FILES, SIGHAND, SYSVSEM and THREAD
		if abi == arch.X86_64 {
			thread |= 0x80000 // SETTLS
		}
		assert.Contains(t, r.Call("clone").Sets, []derive.Arg{{0, thread, ^uint64(0)}})

		p := r.Policy(seccomp.Errno(1))
		require.NoError(t, p.Validate())
		answer := func(name string, args ...uint64) seccomp.Action {
			nr, _ := abi.Number(name)
			c := &seccomp.Call{Audit: abi.Audit(), Nr: nr}
			copy(c.Args[:], args)
			return p.Evaluate(c)
		}
		assert.Equal(t, seccomp.Allow, answer("socket", 2, 5))
		assert.Equal(t, seccomp.Errno(1), answer("socket", 2, 3))
		assert.Equal(t, seccomp.Allow, answer("socket", 1<<32|17, 3), "the kernel reads 32 bits")
		assert.Equal(t, seccomp.Errno(1), answer("clone", 1<<28))
		assert.Equal(t, seccomp.Allow, answer("ptrace", 77))
	}
}

// TestPolicy: what is found is allowed, through the program's ABI, and nothing else.
func TestPolicy(t *testing.T) {
	t.Parallel()
	r := &derive.Result{Arch: arch.X86_64, Calls: []derive.Call{{Name: "read"}, {Name: "write", Number: 1}}}
	p := r.Policy(seccomp.Errno(1))
	require.NoError(t, p.Validate())
	for nr, want := range map[uint32]seccomp.Action{0: seccomp.Allow, 1: seccomp.Allow, 2: seccomp.Errno(1)} {
		assert.Equal(t, want, p.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}))
	}
	assert.Equal(t, seccomp.KillProcess, p.Evaluate(&seccomp.Call{Audit: arch.AArch64.Audit()}))
	assert.Nil(t, r.Call("open"))
}

// broken are programs that cannot be looked through, by the folder of the module.
func broken() map[string]string {
	return map[string]string{
		"types/main.go":      "package main\n\nfunc main() {\n\tx := 1\n}\n",
		"syntax/main.go":     "package main\n\nfunc main() {",
		"library/library.go": "package library\n",
		"cgo/main.go":        "package main\n\nimport _ \"example.com/broken/cgo/c\"\n\nfunc main() {}\n",
		"cgo/c/c.go":         "package c\n\nimport \"C\"\n",
		"part/main.go":       "package main\n\nimport \"example.com/broken/part/c\"\n\nfunc main() { c.Call() }\n",
		"part/c/c.go":        "package c\n\nimport \"C\"\n\nfunc Call() { C.getpid() }\n",
		"part/c/doc.go":      "package c\n",
		"absent/main.go":     "package main\n\nimport _ \"example.org/absent\"\n\nfunc main() {}\n",
		"future/go.mod":      "module example.com/future\n\ngo 1.99\n",
		"future/main.go":     "package main\n\nfunc main() {}\n",
		"go.mod":             "module example.com/broken\n\ngo 1.25\n",
	}
}

// TestRefused: what cannot be looked through is an error that says why.
func TestRefused(t *testing.T) {
	needGo(t)
	dir := t.TempDir()
	for name, text := range broken() {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
	}
	for _, row := range []struct {
		folder, pattern string
		abi             arch.Arch
		want            string
	}{
		{"", "./types", arch.X86_64, "main.go:4:2: declared and not used: x"},
		{"", "./syntax", arch.X86_64, "main.go:3:14: expected '}', found 'EOF'"},
		{"", "./library", arch.X86_64, "package library is not a program: want a main package"},
		{"", "./cgo", arch.X86_64, "example.com/broken/cgo/c needs cgo, and only programs without it can be looked through: example.com/broken/cgo -> example.com/broken/cgo/c"},
		{"", "./part", arch.X86_64, "example.com/broken/part/c needs cgo, and only programs without it can be looked through: example.com/broken/part -> example.com/broken/part/c\n"},
		{"", "./part", arch.X86_64, "main.go:5:17: undefined: c.Call"},
		{"", "./absent", arch.X86_64, "no required module provides package example.org/absent"},
		{"", "./nowhere", arch.X86_64, "nowhere"},
		{"", "fmt", arch.X86_64, "package fmt is not a program"},
		{"", "./t...", arch.X86_64, "declared and not used"},
		{"future", ".", arch.X86_64, "requires go >= 1.99"},
		{"nowhere", ".", arch.X86_64, "no such file or directory"},
		{"", "./types", arch.MIPS64N32, "Go builds no programs for this ABI"},
		{"", "./types", 200, "the ABI is not known"},
	} {
		_, err := derive.Derive(context.Background(), derive.Config{Dir: filepath.Join(dir, row.folder), Arch: row.abi}, row.pattern)
		require.Error(t, err, row.pattern)
		assert.Contains(t, err.Error(), row.want, row.pattern)
	}
	t.Setenv("CGO_ENABLED", "1")
	_, err := derive.Derive(context.Background(), derive.Config{}, ".")
	require.ErrorContains(t, err, "CGO_ENABLED is 1")
}

// TestUnset: what is read before anything is stored in it is call 0, io_setup on arm64, and what is
// filled where it is made is not.
func TestUnset(t *testing.T) {
	needGo(t)
	t.Parallel()
	for _, row := range []struct {
		name, types, body string
		zero              bool
	}{
		{"filled", "type op struct{ nr uintptr }", "o := &op{nr: syscall.SYS_GETPID}; f := func() { call(o.nr) }; f()", false},
		{"filled array", "", "for _, nr := range [...]uintptr{syscall.SYS_GETPID, syscall.SYS_GETPPID} { call(nr) }", false},
		{"constant variable", "var nr uintptr = syscall.SYS_GETPID", "call(nr); nr = syscall.SYS_GETPPID", false},
		{"element", "", "for _, nr := range [3]uintptr{syscall.SYS_GETPID, 2: syscall.SYS_GETPPID} { call(nr) }", true},
		{"captured", "", "var nr uintptr; f := func() { call(nr) }; f(); func() { nr = syscall.SYS_GETPID }(); f()", true},
		{"nested", "type inner struct{ nr uintptr }\ntype outer struct{ a, b inner }", "o := outer{a: inner{nr: syscall.SYS_GETPID}}; for _, p := range []*inner{&o.a, &o.b} { call(p.nr) }", true},
		{"new", "type op struct{ nr uintptr }", "o := new(op); call(o.nr); o.nr = syscall.SYS_GETPID", true},
		{"slice", "type op struct{ nr uintptr }", "s := make([]op, 2); s[0].nr = syscall.SYS_GETPID; for i := range s { call(s[i].nr) }", true},
		{"assertion", "type op struct{ nr uintptr }", "var a any = 1; o, _ := a.(op); call(o.nr); call((&op{nr: syscall.SYS_GETPID}).nr)", true},
	} {
		dir := t.TempDir()
		text := "package main\n\nimport \"syscall\"\n\n" + row.types + "\n\n//go:noinline\nfunc call(nr uintptr) { syscall.RawSyscall(nr, 0, 0, 0) }\n\nfunc main() {\n\t" + row.body + "\n}\n"
		require.NoError(t, os.WriteFile(dir+"/main.go", []byte(text), 0o666))
		require.NoError(t, os.WriteFile(dir+"/go.mod", []byte("module example.com/unset\n\ngo 1.25\n"), 0o666))
		r, err := derive.Derive(context.Background(), derive.Config{Dir: dir, Arch: arch.AArch64}, ".")
		require.NoError(t, err, row.name)
		assert.Equal(t, row.zero, r.Allows("io_setup"), row.name)
		assert.True(t, r.Allows("getpid"), row.name)
		assert.Empty(t, r.Unknown, row.name)
	}
}
