// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// writeMaps writes the maps of the child's user namespace, while the child waits
// for it. See user_namespaces(7).
func (l *launch) writeMaps(pid int) error {
	if !l.hear() {
		return nil // the child has ended: its report says why
	}
	dir := "/proc/" + strconv.Itoa(pid) + "/"
	write := func(name, text string) error {
		f, err := os.OpenFile(dir+name, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString(text)
			f.Close()
		}
		if err != nil {
			return &StartError{Stage: StageNamespace, What: name, Err: errors.Unwrap(err)}
		}
		return nil
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
	unix.Write(l.sync.ours, []byte{0})
	return nil
}

func mapText(list []syscall.SysProcIDMap) string {
	text := ""
	for _, m := range list {
		text += fmt.Sprintf("%d %d %d\n", m.ContainerID, m.HostID, m.Size)
	}
	return text
}
