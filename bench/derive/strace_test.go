// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestProgramCalls(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"threads": {`
			1 execve("/p", ["p"], 0x7 /* 1 vars */) = 0
			1 clone(child_stack=0xc0, flags=CLONE_VM|CLONE_THREAD <unfinished ...>
			2 gettid( <unfinished ...>
			1 <... clone resumed>) = 2
			2 <... gettid resumed>) = 2
			1 exit_group(0) = ?`, "clone exit_group gettid"},
		"a child before and after its execve": {`
			1 execve("/p", ["p"], 0x7 /* 1 vars */) = 0
			1 clone(child_stack=NULL, flags=CLONE_VM|CLONE_VFORK|SIGCHLD <unfinished ...>
			2 dup3(1, 2, 0) = 2
			2 execve("/none", [], 0x7) = -1 ENOENT (No such file or directory)
			2 setpgid(0, 0) = 0
			2 execve("/bin/true", ["true"], 0x7 <unfinished ...>
			1 <... clone resumed>) = 2
			2 <... execve resumed>) = 0
			2 brk(NULL) = 0x5
			1 wait4(2, NULL, 0, NULL) = 2`, "clone dup3 execve setpgid wait4"},
		"a grandchild": {`
			1 execve("/p", ["p"], 0x7 /* 1 vars */) = 0
			1 vfork() = 2
			2 execve("/bin/sh", ["sh"], 0x7) = 0
			3 getppid() = 2
			2 fork() = 3
			1 getpid() = 1
			3 sync() = 0`, "execve getpid vfork"},
		"signals and exits": {`
			1 execve("/p", ["p"], 0x7 /* 1 vars */) = 0
			1 --- SIGURG {si_signo=SIGURG} ---
			1 rt_sigreturn({mask=[]}) = 5
			1 +++ exited with 0 +++`, "rt_sigreturn"},
	} {
		list, err := readStrace(strings.NewReader(strings.ReplaceAll(c.text, "\t", "")))
		got := strings.Join(slices.Sorted(maps.Keys(programCalls(list))), " ")
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestReadEmulated(t *testing.T) {
	got := readEmulated("5 futex(0x6,FUTEX_WAIT,0)5 prlimit64(0,7,0,1,0,0) = 0\n5 acct(\"\") = -1 errno=2\n = 0\n")
	if text := strings.Join(slices.Sorted(maps.Keys(got)), " "); text != "acct futex prlimit64" {
		t.Error(text)
	}
}
