// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// This file writes the maps of the child's user namespace, from the launcher.

// writeMaps writes the maps of the child's user namespace, while the child waits
// for it. See user_namespaces(7). The launcher writes them, since the child may map only
// itself from within. setgroups comes before gid_map: without privileges the kernel takes a
// gid_map only where setgroups is denied. Each file takes one write.
func (l *launch) writeMaps(pid int) error {
	if there, err := l.awaitChild(); err != nil || !there {
		return namespaceError(err) // the child has ended: its report says why
	}
	dir := "/proc/" + strconv.Itoa(pid) + "/"
	write := func(name, text string) error {
		f, err := os.OpenFile(dir+name, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString(text)
			err = errors.Join(err, f.Close())
		}
		if err == nil {
			return nil
		}
		if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
			err = cause.Err // the name says the path
		}
		return &StartError{Stage: StageNamespace, What: name, Err: err}
	}
	if l.attr.UidMappings != nil {
		if err := write("uid_map", mapText(l.attr.UidMappings)); err != nil {
			return err
		}
	}
	if l.attr.GidMappings != nil {
		groups := "deny"
		if l.attr.GidMappingsEnableSetgroups {
			groups = "allow"
		}
		if err := write("setgroups", groups); err != nil {
			return err
		}
		if err := write("gid_map", mapText(l.attr.GidMappings)); err != nil {
			return err
		}
	}
	return namespaceError(l.releaseChild())
}

// namespaceError names the step for an error that has no file of its own.
func namespaceError(err error) error {
	if err == nil {
		return nil
	}
	return &StartError{Stage: StageNamespace, What: "maps", Err: err}
}

// mapText is maps as the kernel reads them, a line each: the first id inside, the first
// outside, and how many there are.
func mapText(list []syscall.SysProcIDMap) string {
	text := ""
	for _, m := range list {
		text += fmt.Sprintf("%d %d %d\n", m.ContainerID, m.HostID, m.Size)
	}
	return text
}
