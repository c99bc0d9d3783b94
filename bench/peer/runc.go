// SPDX-License-Identifier: Apache-2.0

//go:build seccomp

package peer

import (
	"fmt"
	_ "unsafe" // for go:linkname

	"github.com/opencontainers/runc/libcontainer/configs"
	_ "github.com/opencontainers/runc/libcontainer/seccomp"
	_ "github.com/opencontainers/runc/libcontainer/seccomp/patchbpf"
	"github.com/opencontainers/runc/libcontainer/specconv"
	"github.com/opencontainers/runtime-spec/specs-go"
	scmp "github.com/seccomp/libseccomp-golang"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// runc exports no way to have the program without loading it. These are the
// three steps of libcontainer/seccomp.InitSeccomp that make it, by name; the
// test holds the result against what InitSeccomp puts into the kernel.

//go:linkname runcAction github.com/opencontainers/runc/libcontainer/seccomp.getAction
func runcAction(act configs.Action, errnoRet *uint) (scmp.ScmpAction, error)

//go:linkname runcMatchCall github.com/opencontainers/runc/libcontainer/seccomp.matchCall
func runcMatchCall(filter *scmp.ScmpFilter, call *configs.Syscall, defAct scmp.ScmpAction) error

//go:linkname runcPatch github.com/opencontainers/runc/libcontainer/seccomp/patchbpf.enosysPatchFilter
func runcPatch(config *configs.Seccomp, filter *scmp.ScmpFilter) ([]unix.SockFilter, error)

// runc is github.com/opencontainers/runc: libseccomp, and an ENOSYS stub that is
// spliced onto its output.
func runc() Peer {
	return Peer{
		Name:    "runc",
		Version: version("github.com/opencontainers/runc"),
		Enosys:  true,
		Prepare: func(doc *specs.LinuxSeccomp) (Compile, error) {
			config, err := RuncConfig(doc)
			if err != nil {
				return nil, err
			}
			return func() ([]bpf.RawInstruction, error) { return runcCompile(config) }, nil
		},
	}
}

// RuncConfig is the document in runc's terms.
func RuncConfig(doc *specs.LinuxSeccomp) (*configs.Seccomp, error) {
	return specconv.SetupSeccomp(doc)
}

// runcCompile follows InitSeccomp up to the load.
func runcCompile(config *configs.Seccomp) ([]bpf.RawInstruction, error) {
	defaultAction, err := runcAction(config.DefaultAction, config.DefaultErrnoRet)
	if err != nil {
		return nil, fmt.Errorf("runc: %w", err)
	}
	f, err := scmp.NewFilter(defaultAction)
	if err != nil {
		return nil, fmt.Errorf("runc: %w", err)
	}
	defer f.Release()
	for _, name := range config.Architectures {
		a, err := scmp.GetArchFromString(name)
		if err != nil {
			return nil, fmt.Errorf("runc: %w", err)
		}
		if err := f.AddArch(a); err != nil {
			return nil, fmt.Errorf("runc: %w", err)
		}
	}
	if len(config.Syscalls) > 32 {
		if err := f.SetOptimize(2); err != nil {
			return nil, fmt.Errorf("runc: %w", err)
		}
	}
	if err := f.SetNoNewPrivsBit(false); err != nil {
		return nil, fmt.Errorf("runc: %w", err)
	}
	for _, call := range config.Syscalls {
		if err := runcMatchCall(f, call, defaultAction); err != nil {
			return nil, fmt.Errorf("runc: %w", err)
		}
	}
	program, err := runcPatch(config, f)
	if err != nil {
		return nil, fmt.Errorf("runc: %w", err)
	}
	raw := make([]bpf.RawInstruction, len(program))
	for i, in := range program {
		raw[i] = bpf.RawInstruction{Op: in.Code, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return raw, nil
}
