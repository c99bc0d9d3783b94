// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"testing"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"golang.org/x/sys/unix"
)

// suits skips a row for the privileged, or with a namespace of users, where there
// are none.
func suits(t testing.TB, root bool, set func(*Cmd)) {
	t.Helper()
	if root {
		kerneltest.Need(t, kerneltest.Privileges)
	}
	if set == nil {
		return
	}
	c := &Cmd{}
	set(c)
	if a := c.SysProcAttr; a != nil && (a.Cloneflags|a.Unshareflags)&unix.CLONE_NEWUSER != 0 {
		kerneltest.Need(t, kerneltest.Namespaces)
	}
}
