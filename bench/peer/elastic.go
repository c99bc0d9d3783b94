// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"fmt"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
)

// elastic is github.com/elastic/go-seccomp-bpf: a list of calls with chained
// argument checks, for the ABI of this build.
func elastic() Peer {
	return Peer{
		Name:    "elastic",
		Version: version("github.com/elastic/go-seccomp-bpf"),
		Prepare: func(doc *specs.LinuxSeccomp) (Compile, error) {
			p, err := elasticPolicyOf(doc)
			if err != nil {
				return nil, err
			}
			return func() ([]bpf.RawInstruction, error) {
				program, err := p.Assemble()
				if err != nil {
					return nil, err
				}
				return bpf.Assemble(program)
			}, nil
		},
	}
}

func elasticPolicyOf(doc *specs.LinuxSeccomp) (*seccomp.Policy, error) {
	if err := native(doc); err != nil {
		return nil, fmt.Errorf("elastic: %w", err)
	}
	table, err := arch.GetInfo("x86_64")
	if err != nil {
		return nil, err
	}
	p := &seccomp.Policy{}
	if p.DefaultAction, err = elasticAction(doc.DefaultAction, errnoOf(doc.DefaultAction, doc.DefaultErrnoRet)); err != nil {
		// The package refuses a default that carries data, though it writes
		// any other value as it stands: its users have EPERM as "errno".
		return nil, err
	}
	byAction := map[seccomp.Action]int{} // index into p.Syscalls
	for _, g := range settled(groups(doc)) {
		action, err := elasticAction(g.action, g.errno)
		if err != nil {
			return nil, err
		}
		i, ok := byAction[action]
		if !ok {
			i = len(p.Syscalls)
			byAction[action] = i
			p.Syscalls = append(p.Syscalls, seccomp.SyscallGroup{Action: action})
		}
		if err := elasticAdd(&p.Syscalls[i], g, table); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// elasticAdd appends a group. The package refuses names that the ABI lacks, so
// they are left out here.
func elasticAdd(to *seccomp.SyscallGroup, g group, table *arch.Info) error {
	for _, name := range g.names {
		if _, ok := table.SyscallNames[name]; !ok {
			continue
		}
		if len(g.any) == 0 {
			to.Names = append(to.Names, name)
		}
		for _, alternative := range g.any {
			nc := seccomp.NameWithConditions{Name: name}
			for _, a := range alternative {
				conditions, err := elasticConditions(a)
				if err != nil {
					return err
				}
				nc.Conditions = append(nc.Conditions, conditions...)
			}
			to.NamesWithCondtions = append(to.NamesWithCondtions, nc)
		}
	}
	return nil
}

func elasticAction(a specs.LinuxSeccompAction, errno uint) (seccomp.Action, error) {
	switch a {
	case specs.ActKill, specs.ActKillThread:
		return seccomp.ActionKillThread, nil
	case specs.ActKillProcess:
		return seccomp.ActionKillProcess, nil
	case specs.ActTrap:
		return seccomp.ActionTrap, nil
	case specs.ActErrno:
		if errno == 1 {
			return seccomp.ActionErrno, nil // carries EPERM
		}
		return seccomp.ActionErrno&^0xffff | seccomp.Action(errno), nil
	case specs.ActTrace:
		return seccomp.ActionTrace&^0xffff | seccomp.Action(errno), nil
	case specs.ActLog:
		return seccomp.ActionLog, nil
	case specs.ActAllow:
		return seccomp.ActionAllow, nil
	}
	return 0, fmt.Errorf("elastic: %w: action %s", ErrUnsupported, a)
}

var elasticOps = map[specs.LinuxSeccompOperator]seccomp.Operation{
	specs.OpEqualTo:      seccomp.Equal,
	specs.OpNotEqual:     seccomp.NotEqual,
	specs.OpLessThan:     seccomp.LessThan,
	specs.OpLessEqual:    seccomp.LessOrEqual,
	specs.OpGreaterThan:  seccomp.GreaterThan,
	specs.OpGreaterEqual: seccomp.GreaterOrEqual,
}

// elasticConditions says a condition in the package's operators. It has no
// masked comparison, but arg & mask == datum is "none of mask's other bits" and
// "this bit" for each bit of the datum.
func elasticConditions(a specs.LinuxSeccompArg) ([]seccomp.Condition, error) {
	if op, ok := elasticOps[a.Op]; ok {
		return []seccomp.Condition{{Argument: uint32(a.Index), Operation: op, Value: a.Value}}, nil
	}
	if a.Op != specs.OpMaskedEqual {
		return nil, fmt.Errorf("elastic: %w: operator %s", ErrUnsupported, a.Op)
	}
	var list []seccomp.Condition
	mask, datum := a.Value, a.ValueTwo&a.Value
	if clear := mask &^ datum; clear != 0 {
		list = append(list, seccomp.Condition{Argument: uint32(a.Index), Operation: seccomp.BitsNotSet, Value: clear})
	}
	for ; datum != 0; datum &= datum - 1 {
		list = append(list, seccomp.Condition{Argument: uint32(a.Index), Operation: seccomp.BitsSet, Value: datum & -datum})
	}
	return list, nil
}
