// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"math"
	"reflect"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Closing is what a document in Docker's form must have to close a question. As a second filter, or
// intersected with the profile, it denies the calls and changes nothing else.
//
// As rules of the profile itself they are not always enough: where Docker's format meets a
// rule without conditions for a call, it takes no notice of others about it.
type Closing struct {
	// Architectures are the ABIs that are left, where the others are what is to be closed.
	Architectures []string
	Rules         []profile.Rule
	machine       []arch.Arch
}

// Document is a profile that allows everything else.
func (c *Closing) Document() *profile.Profile {
	p := &profile.Profile{DefaultAction: "SCMP_ACT_ALLOW", Architectures: c.Architectures, Syscalls: c.Rules}
	if p.Architectures == nil {
		for _, abi := range c.machine {
			if token := abi.Token(); token != "" {
				p.Architectures = append(p.Architectures, token)
			}
		}
	}
	return p
}

// closing is what closes the question of an answer: rules for the calls that were found.
func (s *search) closing(a *Answer) Closing {
	c := Closing{machine: s.machine}
	switch a.Question.special {
	case "@foreign":
		c.Architectures = []string{s.machine[0].Token()}
	case "@high-half":
		p, err := s.rules(s.opts)
		for _, f := range a.Found {
			if err == nil { // else nothing was found
				c.clean(p, &f)
			}
		}
	default:
		for _, d := range s.tried {
			if a.finds(d.abi, d.nr) {
				// riscv32's calls of another number than riscv64's have no name there, and so no rule.
				if name, ok := d.abi.Name(d.nr); ok {
					c.deny(s.machine[0], name, d.rules)
				}
			}
		}
	}
	return c
}

// finds says whether a call with a number was found.
func (a *Answer) finds(abi arch.Arch, nr uint32) bool {
	return a.Err != nil || slices.ContainsFunc(a.Found, func(f Found) bool { return f.ABI == abi && f.Call.Nr == nr })
}

// deny adds rules that deny calls of a name. Names without conditions share one rule.
//
// glibc makes clone where clone3 fails with ENOSYS, and only then; a rule can look at the flags
// of clone.
func (c *Closing) deny(native arch.Arch, name string, rules []seccomp.Rule) {
	for i := range rules {
		r := profile.Rule{Names: []string{name}, Action: "SCMP_ACT_ERRNO"}
		if name == "clone3" {
			n := uint32(errnos.ENOSYS(native).Data())
			r.ErrnoRet = &n
		}
		for _, arg := range rules[i].Args {
			// "Not that value" stands beside other conditions on the argument, which the format reads as
			// one of them is enough: that value is denied too.
			if arg.Op == seccomp.MaskedEQ {
				r.Args = append(r.Args, profile.Arg{Index: uint32(arg.Index), Op: "SCMP_CMP_MASKED_EQ", Value: arg.Mask, ValueTwo: arg.Value})
			}
		}
		c.add(r)
	}
}

// add adds a rule, or its name to one that is the same otherwise.
func (c *Closing) add(r profile.Rule) {
	for i := range c.Rules {
		old := &c.Rules[i]
		if reflect.DeepEqual(old.Args, r.Args) && reflect.DeepEqual(old.ErrnoRet, r.ErrnoRet) && (len(r.Args) == 0 || slices.Equal(old.Names, r.Names)) {
			if !slices.Contains(old.Names, r.Names[0]) {
				old.Names = append(old.Names, r.Names[0])
			}
			return
		}
	}
	c.Rules = append(c.Rules, r)
}

// clean denies a call with anything in the high half of an argument that rules look at and of which
// the kernel reads less. Where a rule keeps out a negative number as C writes it in 64 bits, the number
// as it is in 32 is denied too.
func (c *Closing) clean(p *seccomp.Policy, f *Found) {
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.Names(f.ABI, f.Call.Nr) {
			continue
		}
		for _, arg := range r.Args {
			bits, ok := arch.Width(f.Name, arg.Index)
			if !ok || bits > 32 {
				continue
			}
			a := profile.Arg{Index: uint32(arg.Index), Op: "SCMP_CMP_GT", Value: 1<<bits - 1}
			c.add(profile.Rule{Names: []string{f.Name}, Action: "SCMP_ACT_ERRNO", Args: []profile.Arg{a}})
			if int64(arg.Value) < math.MinInt32-1 || int64(arg.Value) >= 0 || arg.Op == seccomp.EQ && r.Action.Runs() {
				continue // no negative number, or one that is let in
			}
			a.Op, a.Value, a.ValueTwo = "SCMP_CMP_MASKED_EQ", 1<<31, 1<<31
			c.add(profile.Rule{Names: []string{f.Name}, Action: "SCMP_ACT_ERRNO", Args: []profile.Arg{a}})
		}
	}
}

// Add closes what another does as well. The ABIs that are left, if any are named, are the machine's own alone.
func (c *Closing) Add(other *Closing) {
	if c.machine == nil {
		c.machine = other.machine
	}
	if other.Architectures != nil {
		c.Architectures = other.Architectures
	}
	for _, r := range other.Rules {
		for _, name := range r.Names {
			one := r
			one.Names = []string{name}
			c.add(one)
		}
	}
}
