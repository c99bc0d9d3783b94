// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
)

// maxNamed is how many denied calls are named of a task. The names go into one line of
// the log and of the status; the number of the others follows.
const maxNamed = 3

// deniedText names the denied calls of a task and the rule that decided each:
//
//	unshare(CLONE_NEWUSER) by default, 2 more
//
// Programs probe for newer calls and expect ENOSYS, so calls that failed with it are
// named only if there are no others. ENOSYS has another number on some ABIs (89 on MIPS),
// so the number is taken from the call's own ABI. Calls that were allowed and logged are
// left out.
func deniedText(policy *seccomp.Policy, list []launch.Denial) string {
	var named, probed []string
	for i := range list {
		d := &list[i]
		if d.Name == "" || d.Decision.Action.Runs() {
			continue
		}
		text := fmt.Sprintf("%s(%s) by %s", d.Name, strings.Join(d.Args, ", "), policy.Describe(d.Decision))
		if enosys, ok := errnos.Number("ENOSYS", d.Arch); ok && d.Decision.Action == seccomp.Errno(uint16(enosys)) {
			probed = append(probed, text)
		} else {
			named = append(named, text)
		}
	}
	if len(named) == 0 {
		named = probed
	}
	if more := len(named) - maxNamed; more > 0 {
		named = append(named[:maxNamed], fmt.Sprintf("%d more", more))
	}
	return strings.Join(named, ", ")
}
