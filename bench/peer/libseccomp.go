// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/opencontainers/runtime-spec/specs-go"
	scmp "github.com/seccomp/libseccomp-golang"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// libseccomp is the C library at an optimisation level: 1 is its default, a
// list of calls, 2 a binary tree.
func libseccomp(level int) Peer {
	major, minor, micro := scmp.GetLibraryVersion()
	return Peer{
		Name:    fmt.Sprintf("libseccomp O%d", level),
		Version: fmt.Sprintf("%d.%d.%d", major, minor, micro),
		Prepare: func(doc *specs.LinuxSeccomp) (Compile, error) {
			p, err := scmpPolicyOf(doc)
			if err != nil {
				return nil, err
			}
			return func() ([]bpf.RawInstruction, error) { return p.compile(level) }, nil
		},
	}
}

// scmpPolicy is a document in libseccomp's terms. The library has no policy
// object that could be kept apart from its compiler: rules are compiled as they
// are added.
type scmpPolicy struct {
	arches        []scmp.ScmpArch
	defaultAction scmp.ScmpAction
	rules         []scmpRule
}

type scmpRule struct {
	call       scmp.ScmpSyscall
	action     scmp.ScmpAction
	conditions []scmp.ScmpCondition
}

func scmpPolicyOf(doc *specs.LinuxSeccomp) (*scmpPolicy, error) {
	var p scmpPolicy
	for _, a := range doc.Architectures {
		arch, err := scmp.GetArchFromString(strings.ToLower(strings.TrimPrefix(string(a), "SCMP_ARCH_")))
		if err != nil {
			return nil, fmt.Errorf("libseccomp: %s: %w", a, err)
		}
		p.arches = append(p.arches, arch)
	}
	var err error
	if p.defaultAction, err = scmpAction(doc.DefaultAction, errnoOf(doc.DefaultAction, doc.DefaultErrnoRet)); err != nil {
		return nil, err
	}
	for _, g := range groups(doc) {
		if err := p.add(g); err != nil {
			return nil, err
		}
	}
	return &p, nil
}

// add appends the group's rules. Names that the library does not know are left
// out: that is what runc does.
func (p *scmpPolicy) add(g group) error {
	action, err := scmpAction(g.action, g.errno)
	if err != nil {
		return err
	}
	alternatives := make([][]scmp.ScmpCondition, max(1, len(g.any)))
	for i, conditions := range g.any {
		for _, a := range conditions {
			c, err := scmpCondition(a)
			if err != nil {
				return err
			}
			alternatives[i] = append(alternatives[i], c)
		}
	}
	for _, name := range g.names {
		call, err := scmp.GetSyscallFromName(name)
		if err != nil {
			continue
		}
		for _, conditions := range alternatives {
			p.rules = append(p.rules, scmpRule{call, action, conditions})
		}
	}
	return nil
}

func (p *scmpPolicy) compile(level int) ([]bpf.RawInstruction, error) {
	f, err := scmp.NewFilter(p.defaultAction)
	if err != nil {
		return nil, err
	}
	defer f.Release()
	for _, a := range p.arches {
		if err := f.AddArch(a); err != nil {
			return nil, err
		}
	}
	if err := f.SetOptimize(level); err != nil {
		return nil, err
	}
	for _, r := range p.rules {
		if len(r.conditions) == 0 {
			err = f.AddRule(r.call, r.action)
		} else {
			err = f.AddRuleConditional(r.call, r.action, r.conditions)
		}
		if err != nil {
			return nil, fmt.Errorf("libseccomp: call %d: %w", r.call, err)
		}
	}
	return export(f)
}

// export is the filter's program. Versions before 2.6 write it to a file only.
func export(f *scmp.ScmpFilter) ([]bpf.RawInstruction, error) {
	fd, err := unix.MemfdCreate("filter", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("libseccomp: memfd_create: %w", err)
	}
	file := os.NewFile(uintptr(fd), "filter")
	defer file.Close()
	if err := f.ExportBPF(file); err != nil {
		return nil, err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	raw := make([]byte, size)
	if _, err := file.ReadAt(raw, 0); err != nil {
		return nil, err
	}
	return Decode(raw), nil
}

func scmpAction(a specs.LinuxSeccompAction, errno uint) (scmp.ScmpAction, error) {
	switch a {
	case specs.ActKill, specs.ActKillThread:
		return scmp.ActKillThread, nil
	case specs.ActKillProcess:
		return scmp.ActKillProcess, nil
	case specs.ActTrap:
		return scmp.ActTrap, nil
	case specs.ActErrno:
		return scmp.ActErrno.SetReturnCode(int16(errno)), nil
	case specs.ActTrace:
		return scmp.ActTrace.SetReturnCode(int16(errno)), nil
	case specs.ActNotify:
		return scmp.ActNotify, nil
	case specs.ActLog:
		return scmp.ActLog, nil
	case specs.ActAllow:
		return scmp.ActAllow, nil
	}
	return 0, fmt.Errorf("libseccomp: %w: action %s", ErrUnsupported, a)
}

var scmpOps = map[specs.LinuxSeccompOperator]scmp.ScmpCompareOp{
	specs.OpEqualTo:      scmp.CompareEqual,
	specs.OpNotEqual:     scmp.CompareNotEqual,
	specs.OpLessThan:     scmp.CompareLess,
	specs.OpLessEqual:    scmp.CompareLessOrEqual,
	specs.OpGreaterThan:  scmp.CompareGreater,
	specs.OpGreaterEqual: scmp.CompareGreaterEqual,
	specs.OpMaskedEqual:  scmp.CompareMaskedEqual,
}

func scmpCondition(a specs.LinuxSeccompArg) (scmp.ScmpCondition, error) {
	op, ok := scmpOps[a.Op]
	if !ok {
		return scmp.ScmpCondition{}, fmt.Errorf("libseccomp: %w: operator %s", ErrUnsupported, a.Op)
	}
	return scmp.MakeCondition(a.Index, op, a.Value, a.ValueTwo)
}
