// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"strings"
)

// UnsayableError lists what a policy means and a document cannot say.
type UnsayableError struct {
	Reasons []string
	Dialect string // "firecracker"; empty means docker
}

func (e *UnsayableError) Error() string {
	if e == nil {
		return "<nil>"
	}
	return "a " + cmp.Or(e.Dialect, "docker") + " profile cannot say this: " + strings.Join(e.Reasons, "; ")
}
