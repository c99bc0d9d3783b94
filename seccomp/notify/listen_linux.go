// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file installs the filter through seccomp/internal/system and takes the listener that
// seccomp(2) returns.

// listen puts the programs in force. All that needs another call than seccomp(2),
// memory included, comes before the first.
func listen(f seccomp.Filter, flags seccomp.Flags) (int, error) {
	if err := f.Check(flags | seccomp.NewListener); err != nil {
		return -1, err
	}
	asker, err := system.Notifier(f)
	if err != nil {
		return -1, err
	}
	if flags&seccomp.TSync != 0 && flags&seccomp.TSyncESRCH == 0 {
		return -1, fmt.Errorf("flags %v: a listener with TSYNC needs TSYNC_ESRCH", flags)
	}
	flags &^= seccomp.NewListener // which Calls gives the asker alone
	o := system.Attach(system.Calls(f, uint32(flags), asker))
	err = system.Wrong[seccomp.Flags](o)
	switch {
	case err == nil:
		return o.Listener, nil
	case o.Failed.Program < 0:
		return -1, err
	}
	i := o.Failed.Program
	return o.Listener, fmt.Errorf("program %d of %d (%d in force): %w", i+1, len(f), i, err)
}
