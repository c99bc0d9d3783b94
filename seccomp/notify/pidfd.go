// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"os"
)

// This file gives a supervisor a descriptor of the calling process.

// PidFD is a descriptor of the process that called, made without a race: it is
// that of the very process even if the PID is used again (pidfd_open(2), Linux 5.3).
// For a thread that is not its process's first it needs /proc. The caller closes
// it.
func (n *Notification) PidFD() (*os.File, error) {
	if !n.made() {
		return nil, errNotReceived
	}
	const what = "pidfd"
	if err := n.visible(); err != nil {
		return nil, n.problem(what, err)
	}
	f, err := pidFD(n.PID)
	if err != nil {
		return nil, n.problem(what, err)
	}
	if err := n.Valid(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
