// SPDX-License-Identifier: Apache-2.0

package rig

import "github.com/gosieve/sieve/seccomp"

// Actions returns every action that seccomp.Action.Validate takes, without data, from the most
// restrictive. No list has to be kept: a test that goes through them fails
// where a new action has been forgotten.
func Actions() []seccomp.Action {
	var all []seccomp.Action
	for kind := -1 << 15; kind < 1<<15; kind++ {
		if a := seccomp.Action(uint32(int32(kind) << 16)); a.Validate() == nil {
			all = append(all, a)
		}
	}
	return all
}
