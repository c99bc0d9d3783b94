// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// Kinds of files in a mode, include/uapi/linux/stat.h.
const (
	typeMask    = 0o170000
	charDevice  = 0o020000
	blockDevice = 0o060000
)

// atCWD says that a path begins at the working directory (include/uapi/linux/fcntl.h).
const atCWD = -100

// pathMax is the longest path with its NUL (include/uapi/linux/limits.h).
const pathMax = 4096

// harmless are the devices that anybody may have
// (Documentation/admin-guide/devices.txt).
var harmless = map[device]string{
	{1, 3}: "/dev/null",
	{1, 5}: "/dev/zero",
	{1, 7}: "/dev/full",
	{1, 8}: "/dev/random",
	{1, 9}: "/dev/urandom",
}

type device struct{ major, minor uint32 }

// decode is a device's number as the calls take it (new_decode_dev,
// include/linux/kdev_t.h).
func decode(dev uint32) device {
	return device{dev & 0xfff00 >> 8, dev&0xff | dev>>12&0xfff00}
}

// supervisor makes devices in one directory. What is beneath it cannot lead it out:
// os.Root follows no symbolic link to elsewhere.
type supervisor struct {
	dir  string
	root *os.Root
	log  *log.Logger
}

func newSupervisor(dir string, log *log.Logger) (*supervisor, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &supervisor{dir, root, log}, nil
}

func (s *supervisor) close() { s.root.Close() }

// mknod makes a device in the caller's place. Everything that the decision goes by is
// read once, and what is made follows from it: the caller can change its memory
// afterwards, but not what happens.
func (s *supervisor) mknod(n *notify.Notification, dirfd int32, path, dev uint64) error {
	name, err := n.ReadString(path, pathMax)
	if err != nil {
		return refuse(n, err)
	}
	d := decode(uint32(dev))
	host, ok := harmless[d]
	if !ok {
		s.log.Printf("process %d may not make device %d:%d", n.PID, d.major, d.minor)
		return n.Errno(eperm)
	}
	beneath, err := s.beneath(n, dirfd, name)
	if err == nil {
		err = s.root.Symlink(host, beneath)
	}
	if err != nil {
		s.log.Printf("process %d does not get device %d:%d: %v", n.PID, d.major, d.minor, err)
		return refuse(n, err)
	}
	s.log.Printf("process %d has device %d:%d at %q", n.PID, d.major, d.minor, filepath.Join(s.dir, beneath))
	return n.Return(0)
}

// beneath is the caller's path from the supervisor's directory on. It goes by names,
// which is enough where both see the same files.
func (s *supervisor) beneath(n *notify.Notification, dirfd int32, name string) (string, error) {
	if name == "" {
		return "", syscall.ENOENT
	}
	if !filepath.IsAbs(name) {
		from := "cwd"
		if dirfd != atCWD {
			from = "fd/" + strconv.Itoa(int(dirfd))
		}
		base, err := os.Readlink(fmt.Sprintf("/proc/%d/%s", n.PID, from))
		if err != nil {
			return "", syscall.EBADF
		}
		// Was that the caller's, or of another process with its number?
		if err := n.Valid(); err != nil {
			return "", err
		}
		name = filepath.Join(base, name)
	}
	beneath, err := filepath.Rel(s.dir, filepath.Clean(name))
	if err != nil || !filepath.IsLocal(beneath) || beneath == "." {
		return "", fmt.Errorf("%q is not in %q: %w", name, s.dir, syscall.EACCES)
	}
	return beneath, nil
}

// refuse answers with the errno of an error, or EPERM.
func refuse(n *notify.Notification, err error) error {
	if errors.Is(err, notify.ErrGone) {
		return err
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) || errno > seccomp.MaxErrno {
		errno = eperm
	}
	return n.Errno(errno)
}
