// SPDX-License-Identifier: Apache-2.0

package artifact

import "github.com/gosieve/sieve/seccomp"

// Flags are the flags of an intersection, so that none loosens what a part has. SPEC_ALLOW,
// which takes a mitigation away, is there if all have it, and LOG, which adds to the audit
// log, if any has. WAIT_KILLABLE_RECV is about the listener, which is the first one's.
func Flags(first seccomp.Flags, others ...seccomp.Flags) seccomp.Flags {
	for _, theirs := range others {
		first = first&^(seccomp.SpecAllow&^theirs) | theirs&seccomp.LogAll
	}
	return first
}

// Looser are the flags in which a profile is looser than a baseline: SPEC_ALLOW that it alone
// has, and LOG that it alone lacks.
func Looser(theirs, baseline seccomp.Flags) (has, lacks seccomp.Flags) {
	return theirs &^ baseline & seccomp.SpecAllow, baseline &^ theirs & seccomp.LogAll
}

// All are the flags that a document may ask for.
const All = seccomp.LogAll | seccomp.SpecAllow | seccomp.WaitKillable

// Words are flags as documents write them, an empty list for none.
func Words(flags seccomp.Flags) []string {
	list := []string{}
	for _, f := range []seccomp.Flags{seccomp.LogAll, seccomp.SpecAllow, seccomp.WaitKillable} {
		if flags&f != 0 {
			list = append(list, "SECCOMP_FILTER_FLAG_"+f.String())
		}
	}
	return list
}
