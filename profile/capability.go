// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/wording"
)

// ParseCaps reads names of capabilities as Docker's --cap-add does: "CAP_SYS_ADMIN",
// "SYS_ADMIN" and "sys_admin" are the same, and "ALL" is all that Linux 5.9 and later have.
// The names come back as Target.Caps has them, each once and in the order given. An error
// says which name is nearest.
//
//	ParseCaps("sys_admin", "CAP_CHOWN") is [CAP_SYS_ADMIN CAP_CHOWN]
//	ParseCaps("SYS_ADMN") is an error: unknown capability "SYS_ADMN", nearest is "CAP_SYS_ADMIN"
func ParseCaps(names ...string) ([]string, error) {
	var list []string
	for _, name := range names {
		found := []string{"CAP_" + strings.TrimPrefix(strings.ToUpper(name), "CAP_")}
		switch {
		case found[0] == "CAP_ALL":
			found = capNames
		case !slices.Contains(capNames, found[0]):
			if near := wording.Nearest(found[0], capNames); near != "" {
				return nil, fmt.Errorf("unknown capability %q, nearest is %q", name, near)
			}
			return nil, fmt.Errorf("unknown capability %q, want %s", name, wording.Join(capNames))
		}
		for _, c := range found {
			if !slices.Contains(list, c) {
				list = append(list, c)
			}
		}
	}
	return list, nil
}

// capNames are the capabilities by number (include/uapi/linux/capability.h; the
// last is of Linux 5.9).
//
// The index of a name is its bit in CapBnd of /proc/self/status, so a new one belongs at
// the end.
var capNames = []string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
	"CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
	"CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
	"CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
}
