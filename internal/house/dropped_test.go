// SPDX-License-Identifier: Apache-2.0

package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mayDrop lists the system calls whose result is dropped, each with its reason. All
// others are looked at: what waits for a child waits for ever where it takes
// the success of a call for granted.
var mayDrop = map[string]string{
	"addfd_linux.go ioctlAddFD: unix.PthreadSigmask": "puts back what the same call has just taken",
	"step_linux.go runSteps: syscall.RawSyscall":     "exit_group and exit: where they fail a fault ends the child",
	"handover_linux.go discard: syscall.Close":       "descriptors that nobody asked for",
	"installed_linux.go installed: Detach":           "the thread's end lets go too",
	"copy_linux.go makeCopying: unix.Close":          "our end of a pair that nobody reads any more",
	"copy_linux.go makeCopying: unix.Munmap":         "a page more in the launcher",
	"start_linux.go makeChild: unix.Close":           "cgroup.procs, after what was written to it",
	"copy_linux.go settle: unix.Close":               "our end where there is no child",
	"limit_linux.go: awaitEnd":                       "the kernel ends that child, or the limit stays as it is",
	"helper_linux.go makeWithHelper: unix.Close":     "our end of a pair that nobody reads any more",
	"helper_linux.go makeWithHelper: unix.Munmap":    "a page more in the launcher",
	"registers_linux.go stoppedCall: Ptrace":         "zeros say that the kernel cannot tell, and callIn goes by the registers",
	"reap_linux.go kill: unix.Close":                 "a pidfd, after the signal",
}

// own are functions of package seccomp and those below it that return what a system call did.
var own = map[string]bool{
	"awaitEnd": true, "Detach": true, "ended": true, "idValid": true, "interrupt": true, "kill": true, "Next": true, "poll": true, "Probe": true,
	"Ptrace": true, "readByte": true, "ready": true, "reap": true, "replace": true, "writeByte": true, "restoreDumpable": true,
}

// TestDropped finds system calls in the kernel's part of the packages from seccomp downwards whose
// errors nobody looks at.
func TestDropped(t *testing.T) {
	var files []string
	require.NoError(t, filepath.WalkDir("../../seccomp", func(name string, _ fs.DirEntry, err error) error {
		if linux, _ := filepath.Match("*_linux*.go", filepath.Base(name)); linux {
			files = append(files, name)
		}
		return err
	}))
	require.NotEmpty(t, files)
	seen := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, call := range dropped(t, name) {
			assert.Contains(t, mayDrop, call, "the result is dropped")
			seen[call] = true
		}
	}
	for call := range mayDrop {
		assert.True(t, seen[call], "%s: nothing is dropped there any more", call)
	}
}

// dropped lists, as "file function: call", the calls of a file whose error is.
func dropped(t *testing.T, name string) (found []string) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	require.NoError(t, err)
	for _, decl := range file.Decls {
		in := filepath.Base(name)
		if f, ok := decl.(*ast.FuncDecl); ok {
			in += " " + f.Name.Name
		}
		add := func(e ast.Expr) {
			if call := systemCall(e); call != "" {
				found = append(found, in+": "+call)
			}
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ExprStmt:
				add(n.X)
			case *ast.DeferStmt:
				add(n.Call)
			case *ast.GoStmt:
				add(n.Call)
			case *ast.AssignStmt:
				last, ok := n.Lhs[len(n.Lhs)-1].(*ast.Ident)
				if ok && last.Name == "_" && len(n.Rhs) == 1 {
					add(n.Rhs[0])
				}
			}
			return true
		})
	}
	return found
}

// systemCall is the name of the system call, or "" for another expression.
func systemCall(e ast.Expr) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		if own[f.Name] {
			return f.Name
		}
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok && (pkg.Name == "syscall" || pkg.Name == "unix") {
			return pkg.Name + "." + f.Sel.Name
		}
		if own[f.Sel.Name] {
			return f.Sel.Name
		}
	}
	return ""
}
