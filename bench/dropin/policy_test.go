// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"math/rand/v2"
	"slices"
)

// policy is what a script builds: a filter's actions, ABIs and rules, as a caller of the API
// thinks of them.
type policy struct {
	fallback, badArch uint // ScmpActions
	arches            []abi
	native            bool // the native ABI is left in
	optimize          int
	priorities        []Step
	rules             []Step
	rejected          [2]int // the rules from, and before, which stand in a rejected transaction
}

// script is the calls that build the policy without the rules in out, and take its program.
// rules are those that the steps add, or -1.
func (p *policy) script(out map[int]bool) (steps []Step, rules []int) {
	add := func(rule int, s Step) { steps, rules = append(steps, s), append(rules, rule) }
	add(-1, Step{Do: "NewFilter", Action: p.fallback})
	add(-1, Step{Do: "SetBadArchAction", Action: p.badArch})
	if !p.native {
		add(-1, Step{Do: "RemoveArch", Arch: scmpNative})
	}
	for _, a := range p.arches {
		add(-1, Step{Do: "AddArch", Arch: a.scmp})
	}
	if p.optimize != 0 {
		add(-1, Step{Do: "SetOptimize", Value: uint64(p.optimize)})
	}
	for _, s := range p.priorities {
		add(-1, s)
	}
	for i := range p.rules {
		if i == p.rejected[0] && p.rejected[1] > 0 {
			add(-1, Step{Do: "TransactionStart"})
		}
		if !out[i] {
			add(i, p.rules[i])
		}
		if i == p.rejected[1]-1 {
			add(-1, Step{Do: "TransactionReject"})
		}
	}
	add(-1, Step{Do: "ExportBPF"})
	return steps, rules
}

// generator makes random policies. Few calls have many rules, so that they meet.
type generator struct{ *rand.Rand }

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

func (g *generator) policy() *policy {
	p := &policy{fallback: g.action(), badArch: KillThread, optimize: g.IntN(3)}
	if g.IntN(3) == 0 {
		p.badArch = g.action()
	}
	order := little
	if g.IntN(10) == 0 {
		order = big
	}
	for _, i := range g.Perm(len(order))[:1+g.IntN(3)] {
		p.arches = append(p.arches, order[i])
	}
	if g.IntN(3) > 0 && !order[0].big && !slices.Contains(p.arches, native) {
		p.arches[0] = native
	}
	if i := slices.Index(p.arches, native); i >= 0 { // every filter begins with it
		p.native = true
		p.arches[0], p.arches[i] = p.arches[i], p.arches[0]
	}
	calls := g.calls()
	for range g.IntN(3) {
		if g.IntN(4) == 0 {
			p.priorities = append(p.priorities, Step{Do: "SetSyscallPriority", Name: pick(g, calls), Value: g.Uint64N(256)})
		}
	}
	p.rules = g.rules(calls)
	if g.IntN(6) == 0 {
		p.rejected[0] = g.IntN(len(p.rules))
		p.rejected[1] = p.rejected[0] + 1 + g.IntN(len(p.rules)-p.rejected[0])
	}
	return p
}

// calls are a few to make rules of.
func (g *generator) calls() []string {
	var list []string
	for range 1 + g.IntN(4) {
		switch g.IntN(6) {
		case 0, 1:
			list = append(list, pick(g, multiplexed))
		case 2:
			list = append(list, pick(g, local))
		default:
			list = append(list, pick(g, common))
		}
	}
	return list
}

func (g *generator) rules(calls []string) []Step {
	actions := []uint{g.action(), g.action(), g.action()}
	constants := g.constants()
	var list []Step
	for range 1 + g.IntN(8) {
		s := Step{Do: "AddRuleConditional", Name: pick(g, calls), Action: pick(g, actions)}
		if g.IntN(40) == 0 {
			s.Name, s.Call = "", pick(g, unnamed)
		}
		s.Conditions = g.conditions(constants)
		if len(s.Conditions) == 0 && g.IntN(2) == 0 {
			s.Do = "AddRule"
		}
		if g.IntN(12) == 0 {
			s.Do += "Exact"
		}
		list = append(list, s)
	}
	return list
}

// conditions are none to four, mostly on arguments of their own.
func (g *generator) conditions(constants []uint64) []Condition {
	n := [...]int{0, 1, 1, 1, 1, 2, 2, 2, 3, 4}[g.IntN(10)]
	var list []Condition
	for _, i := range g.Perm(6) {
		if i > 3 && g.IntN(2) == 0 { // few arguments, so that rules meet
			i -= 3
		}
		if len(list) == n {
			break
		}
		if taken(list, uint(i)) && g.IntN(50) > 0 {
			continue
		}
		c := Condition{Argument: uint(i), Op: uint(NE + g.IntN(7)), A: pick(g, constants)}
		if c.Op == MaskedEQ {
			c.A, c.B = g.mask(), c.A
		}
		list = append(list, c)
	}
	return list
}

func taken(list []Condition, argument uint) bool {
	for _, c := range list {
		if c.Argument == argument {
			return true
		}
	}
	return false
}

func (g *generator) mask() uint64 {
	m := []uint64{0, 1, 3, 0xff, 0xffffffff, 1 << 31, 1 << 32, ^uint64(0), 0xff00000000, 0x3_0000_0003, g.Uint64(), uint64(g.Uint32())}
	return pick(g, m)
}

// constants are a few near one another, small ones, or with a high half.
func (g *generator) constants() []uint64 {
	base := []uint64{0, 1, 2, 5, 0x7f, 0x80000000, 0xffffffff, 0xfffffffe, uint64(g.Uint32())}
	var list []uint64
	wide := g.IntN(3)
	for range 2 + g.IntN(4) {
		v := pick(g, base)
		if wide == 0 || wide == 1 && g.IntN(4) == 0 {
			v |= pick(g, []uint64{0, 1, 2, 0x80000000, 0xffffffff, uint64(g.Uint32())}) << 32
		}
		list = append(list, v, v+g.Uint64N(3))
	}
	if wide == 2 {
		for i := range list {
			list[i] &= 0xffffffff
		}
	}
	return list
}

// action is any that the API has, with data that it takes.
func (g *generator) action() uint {
	switch a := []uint{Allow, Allow, Errno, Errno, Errno, KillThread, KillProcess, Trap, Trace, Log, Notify}[g.IntN(11)]; a {
	case Errno:
		return a | uint(1+g.IntN(3))<<16
	case Trace:
		return a | uint(g.IntN(2))<<16
	default:
		return a
	}
}

// common are calls of all ABIs that every libseccomp knows; multiplexed those that some ABIs
// make through another, and these; local those that some ABIs lack; unnamed are numbers that
// are none on any, or on few.
var (
	common      = []string{"read", "write", "close", "ioctl", "fcntl", "clone", "personality", "prctl", "kill", "dup", "ptrace", "unshare", "mount", "getpid"}
	multiplexed = []string{"socket", "bind", "connect", "accept4", "sendto", "recvmsg", "socketpair", "semop", "semctl", "semtimedop", "msgget", "shmat", "shmctl", "socketcall", "ipc", "send", "recv", "accept"}
	local       = []string{"open", "stat", "mmap2", "stat64", "arch_prctl", "breakpoint", "fork", "select", "time", "fstat64", "chown32", "s390_pci_mmio_read", "cacheflush", "renameat", "spu_run"}
	unnamed     = []int32{-1, -50, -99, -100, -101, -121, -202, -10001, -20000, 1000, 450, 334, 0x40000000, 0x40000200, 0x7fffffff}
)
