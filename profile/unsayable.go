// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"strings"
)

// UnsayableError lists what a policy or a document means and no document of a dialect
// can say. It is the one error for that, whoever writes.
type UnsayableError struct {
	Dialect Dialect
	Reasons []string // at least one
}

// Error is all reasons in one line.
func (e *UnsayableError) Error() string {
	if e == nil {
		return "<nil>"
	}
	return fmt.Sprintf("%s cannot say this: %s", e.Dialect, strings.Join(e.Reasons, "; "))
}
