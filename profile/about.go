// SPDX-License-Identifier: Apache-2.0

package profile

import "github.com/gosieve/sieve/seccomp"

func (r *resolver) aboutDocument() {}

func (r *resolver) aboutRule(i int, action seccomp.Action) {}
