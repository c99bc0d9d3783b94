// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
)

// maxNamed is how many denied calls are named of a task.
const maxNamed = 3

// deniedText names denied calls and what decided. Those that failed with ENOSYS, which
// programs that probe expect, are named only if there are no others; calls that
// were allowed and logged never are.
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
