// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrCapability is what errors wrap about a name that is no capability's.
var ErrCapability = errors.New("unknown capability")

// AllCaps are the capabilities of Linux 5.9 and later (linux/capability.h).
func AllCaps() []string { return slices.Clone(capNames) }

// ParseCaps reads names of capabilities as Docker's --cap-add does: "CAP_SYS_ADMIN",
// "SYS_ADMIN" and "sys_admin" are the same, and "ALL" is all. The names come back as
// Target.Caps has them, each once and in the order given. Errors wrap ErrCapability and
// say which name is nearest.
func ParseCaps(names ...string) ([]string, error) {
	var list []string
	for _, name := range names {
		found := []string{"CAP_" + strings.TrimPrefix(strings.ToUpper(name), "CAP_")}
		switch {
		case found[0] == "CAP_ALL":
			found = capNames
		case !slices.Contains(capNames, found[0]):
			if near := Nearest(found[0], capNames); near != "" {
				return nil, fmt.Errorf("%w %q, nearest is %q", ErrCapability, name, near)
			}
			return nil, fmt.Errorf("%w %q, want %s", ErrCapability, name, listed(capNames))
		}
		for _, c := range found {
			if !slices.Contains(list, c) {
				list = append(list, c)
			}
		}
	}
	return list, nil
}
