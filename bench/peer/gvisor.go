// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"fmt"

	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
	"gvisor.dev/gvisor/pkg/log"
	"gvisor.dev/gvisor/pkg/seccomp"
)

// gvisor is gvisor.dev/gvisor/pkg/seccomp: a search tree over the calls, with
// argument checks factored. It takes numbers, which come from elastic's table.
func gvisor() Peer {
	return Peer{
		Name:    "gVisor",
		Version: version("gvisor.dev/gvisor"),
		Prepare: func(doc *specs.LinuxSeccomp) (Compile, error) {
			p, err := gvisorPolicyOf(doc)
			if err != nil {
				return nil, err
			}
			log.SetLevel(log.Warning)
			return func() ([]bpf.RawInstruction, error) {
				program, _, err := p.Build()
				if err != nil {
					return nil, err
				}
				raw := make([]bpf.RawInstruction, len(program))
				for i, in := range program {
					raw[i] = bpf.RawInstruction{Op: in.OpCode, Jt: in.JumpIfTrue, Jf: in.JumpIfFalse, K: in.K}
				}
				return raw, nil
			}, nil
		},
	}
}

func gvisorPolicyOf(doc *specs.LinuxSeccomp) (*seccomp.Program, error) {
	if err := native(doc); err != nil {
		return nil, fmt.Errorf("gvisor: %w", err)
	}
	table, err := arch.GetInfo("x86_64")
	if err != nil {
		return nil, err
	}
	p := &seccomp.Program{}
	if p.Options.DefaultAction, err = gvisorAction(doc.DefaultAction, errnoOf(doc.DefaultAction, doc.DefaultErrnoRet)); err != nil {
		return nil, err
	}
	p.Options.BadArchAction = seccomp.KillThread
	byAction := map[seccomp.Action]int{} // index into p.RuleSets
	for _, g := range groups(doc) {
		action, err := gvisorAction(g.action, g.errno)
		if err != nil {
			return nil, err
		}
		i, ok := byAction[action]
		if !ok {
			i = len(p.RuleSets)
			byAction[action] = i
			p.RuleSets = append(p.RuleSets, seccomp.RuleSet{Action: action, Rules: seccomp.NewSyscallRules()})
		}
		if err := gvisorAdd(p.RuleSets[i].Rules, g, table); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func gvisorAdd(to seccomp.SyscallRules, g group, table *arch.Info) error {
	for _, name := range g.names {
		nr, ok := table.SyscallNames[name]
		if !ok {
			continue
		}
		if len(g.any) == 0 {
			to.Add(uintptr(nr), seccomp.MatchAll{})
		}
		for _, alternative := range g.any {
			var rule seccomp.PerArg
			for _, a := range alternative {
				m, err := gvisorMatcher(a)
				if err != nil {
					return err
				}
				rule[a.Index] = m
			}
			to.Add(uintptr(nr), rule)
		}
	}
	return nil
}

func gvisorAction(a specs.LinuxSeccompAction, errno uint) (seccomp.Action, error) {
	switch a {
	case specs.ActKill, specs.ActKillThread:
		return seccomp.KillThread, nil
	case specs.ActKillProcess:
		return seccomp.KillProcess, nil
	case specs.ActTrap:
		return seccomp.Trap, nil
	case specs.ActErrno:
		return seccomp.ReturnError.Code(uint16(errno)), nil
	case specs.ActTrace:
		return seccomp.Trace.Code(uint16(errno)), nil
	case specs.ActNotify:
		return seccomp.UserNotify, nil
	case specs.ActAllow:
		return seccomp.Allow, nil
	}
	return "", fmt.Errorf("gvisor: %w: action %s", ErrUnsupported, a)
}

func gvisorMatcher(a specs.LinuxSeccompArg) (seccomp.ValueMatcher, error) {
	v := uintptr(a.Value)
	switch a.Op {
	case specs.OpEqualTo:
		return seccomp.EqualTo(v), nil
	case specs.OpNotEqual:
		return seccomp.NotEqual(v), nil
	case specs.OpLessThan:
		return seccomp.LessThan(v), nil
	case specs.OpLessEqual:
		return seccomp.LessThanOrEqual(v), nil
	case specs.OpGreaterThan:
		return seccomp.GreaterThan(v), nil
	case specs.OpGreaterEqual:
		return seccomp.GreaterThanOrEqual(v), nil
	case specs.OpMaskedEqual:
		return seccomp.MaskedEqual(v, uintptr(a.ValueTwo)&v), nil
	}
	return nil, fmt.Errorf("gvisor: %w: operator %s", ErrUnsupported, a.Op)
}
