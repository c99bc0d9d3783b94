// SPDX-License-Identifier: Apache-2.0

package arch

// fault is an error that wraps a sentinel. Package fmt, which would do as well,
// is larger than all of the tables.
type fault struct {
	is   error
	text string
}

func (f fault) Error() string { return f.is.Error() + " " + f.text }
func (f fault) Unwrap() error { return f.is }

// clip shortens what an error repeats: names come from documents that others wrote.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
