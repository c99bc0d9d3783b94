// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"

	"github.com/opencontainers/runtime-spec/specs-go"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// INTERIM until profile lands.
func resolve(doc []byte, runc bool) (*seccomp.Policy, error) {
	var d specs.LinuxSeccomp
	if err := json.Unmarshal(doc, &d); err != nil {
		return nil, err
	}
	act := func(a specs.LinuxSeccompAction, e *uint) seccomp.Action {
		n := uint16(1)
		if e != nil {
			n = uint16(*e)
		}
		switch a {
		case specs.ActAllow:
			return seccomp.Allow
		case specs.ActErrno:
			return seccomp.Errno(n)
		case specs.ActKillProcess:
			return seccomp.KillProcess
		case specs.ActTrap:
			return seccomp.Trap(0)
		case specs.ActLog:
			return seccomp.Log
		}
		panic(a)
	}
	ops := map[specs.LinuxSeccompOperator]seccomp.Op{specs.OpEqualTo: seccomp.EQ, specs.OpNotEqual: seccomp.NE, specs.OpLessThan: seccomp.LT, specs.OpLessEqual: seccomp.LE, specs.OpGreaterThan: seccomp.GT, specs.OpGreaterEqual: seccomp.GE, specs.OpMaskedEqual: seccomp.MaskedEQ}
	p := &seccomp.Policy{Default: act(d.DefaultAction, d.DefaultErrnoRet)}
	for _, a := range d.Architectures {
		x, err := arch.Parse(string(a))
		if err != nil {
			return nil, err
		}
		p.Arches = append(p.Arches, x)
	}
	for pass := 0; pass < 2; pass++ {
		for _, s := range d.Syscalls {
			if (len(s.Args) == 0) != (pass == 0) {
				continue
			}
			r := seccomp.Rule{Syscalls: s.Names, Action: act(s.Action, s.ErrnoRet)}
			for _, a := range s.Args {
				b := seccomp.Arg{Index: int(a.Index), Op: ops[a.Op], Value: a.Value}
				if b.Op == seccomp.MaskedEQ {
					b.Mask, b.Value = a.Value, a.ValueTwo
				}
				r.Args = append(r.Args, b)
			}
			p.Rules = append(p.Rules, r)
		}
	}
	if runc && p.Default != seccomp.Allow {
		for _, a := range p.Arches {
			last := uint32(0)
			for _, s := range d.Syscalls {
				for _, n := range s.Names {
					if nr, ok := a.Number(n); ok {
						last = max(last, nr)
					}
				}
			}
			end := uint32(0xfffffffe)
			if a == arch.X86_64 {
				end = arch.X32.Base() - 1
			}
			p.Rules = append(p.Rules, seccomp.Rule{Arches: []arch.Arch{a}, Numbers: []seccomp.Range{{From: last + 1, To: end}}, Action: seccomp.Errno(38)})
		}
	}
	return p, nil
}

func sieveWay(body []byte) (seccomp.Filter, error) { return nil, errors.New("profile has not landed") }
