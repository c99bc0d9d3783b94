// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/picojson"
	"github.com/gosieve/sieve/internal/wording"
)

// build is the agent's trial: it hands the profile to libseccomp (2.5 or later), with the
// rules for all capabilities, and refuses what libseccomp refuses. No filter is loaded. The
// messages behind the agent's own are those of strerror(3).
//
// "Numerical argument out of domain" is EDOM: one filter of libseccomp holds ABIs of one
// byte order only.
func (p *parser) build() *document.Refusal {
	if p.action == 0 {
		return p.fail(nil, "defaultAction", "Unknown action: 0")
	}
	for _, e := range p.arches {
		abi := archABI[e.word]
		switch {
		case abi == 0:
			return p.fail(e.value, "archMap", fmt.Sprintf("Unknown architecture: %d", e.word))
		case abi.BigEndian() != p.native.BigEndian():
			return p.fail(e.value, "archMap", "Failed to add Seccomp architecture '"+archWords[e.word]+"': Numerical argument out of domain")
		}
	}
	seen := map[string]*calls{}
	for i := range p.rules {
		if err := p.buildRule(&p.rules[i], seen); err != nil {
			return err
		}
	}
	return nil
}

// buildRule adds one rule for each of its names. The agent, unlike runc, refuses a name that
// is unknown to libseccomp, and a rule with the default action. All its conditions must hold:
// the agent does not make alternatives of two on one argument, as runc does.
func (p *parser) buildRule(r *rule, seen map[string]*calls) *document.Refusal {
	path := fmt.Sprintf("syscalls[%d]", r.doc)
	at := &picojson.Value{At: r.at}
	if r.action == 0 {
		return p.fail(at, path+".action", "Unknown action: 0")
	}
	for j, c := range r.args {
		if c.op == 0 {
			return p.fail(&picojson.Value{At: c.at}, fmt.Sprintf("%s.args[%d].op", path, j), "Unknown operator: 0")
		}
	}
	for i, name := range r.names {
		at := &picojson.Value{At: r.nameAt[i]}
		path := fmt.Sprintf("%s.names[%d]", path, i)
		if !arch.Known(name) {
			err := p.fail(at, path, "Unrecognized syscall '"+name+"'")
			if near := wording.NearestCall(name); near != "" {
				err.Fix = fmt.Sprintf("write %q", near)
			}
			return err
		}
		if seen[name] == nil {
			seen[name] = &calls{}
		}
		if errno := seen[name].add(r, p.action); errno != "" {
			return p.fail(at, path, "Failed to add rule for syscall '"+name+"' with action '"+actionWords[r.action]+"': "+errno)
		}
	}
	return nil
}

// calls are the rules that libseccomp has for one call. They form a set, not a list: the
// order of a document does not count among rules with conditions.
type calls struct {
	always int // the action without conditions, 0 if none
	chains []chain
}

// chain is a rule with conditions, by the index of their argument: libseccomp takes one
// condition for each argument.
type chain struct {
	conditions map[uint32]condition
	action     int
}

// add adds a rule, and returns libseccomp's reason if it would refuse the rule, else "".
//
//	the default action                   EACCES  (EPERM before 2.5)
//	an argument twice, or above 5        EINVAL
//	the same conditions, another action  EEXIST
//
// Other rules are dropped without an error: one with conditions behind one without, and of
// two rules the one whose conditions include all of the other's. A rule without conditions
// replaces all before it that have some. All this was seen in libseccomp 2.5.4.
func (c *calls) add(r *rule, byDefault int) string {
	if r.action == byDefault {
		return "Permission denied"
	}
	next := chain{conditions: map[uint32]condition{}, action: r.action}
	for _, a := range r.args {
		if _, twice := next.conditions[a.index]; twice || a.index > 5 {
			return "Invalid argument"
		}
		next.conditions[a.index] = a.normal()
	}
	if len(next.conditions) == 0 {
		if c.always == 0 {
			c.always, c.chains = r.action, nil
		}
		return ""
	}
	if c.always != 0 {
		return ""
	}
	for _, old := range c.chains {
		switch {
		case maps.Equal(old.conditions, next.conditions):
			if old.action != next.action {
				return "File exists"
			}
			return ""
		case old.within(next):
			return ""
		}
	}
	c.chains = append(slices.DeleteFunc(c.chains, next.within), next)
	return ""
}

// within reports whether all conditions of the chain are among another's, so that the other
// one matches only where this one does.
func (a chain) within(b chain) bool {
	for i, c := range a.conditions {
		if b.conditions[i] != c {
			return false
		}
	}
	return true
}

// normal returns the condition without what makes no difference, for comparison: its place,
// the second value of an operator that has none, and bits of the datum outside the mask,
// which libseccomp drops ((arg & mask) == (datum & mask)).
func (c condition) normal() condition {
	c.at = 0
	if !strings.HasSuffix(operatorWords[c.op], "MASKED_EQ") {
		c.valueTwo = 0
	} else {
		c.valueTwo &= c.value
	}
	return c
}
