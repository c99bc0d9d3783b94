// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"unsafe" // for linkname too

	"golang.org/x/sys/unix"
)

// This file has what the child and the helper leave in memory for the launcher to read.

// report is how far the child came. It lies in memory that launcher and child
// share, so that a child under a filter that denies or kills every call can
// still tell.
type report struct {
	reached uint32 // steps begun
	errno   uint32 // why the last of them failed

	// Where a helper makes the child:
	child    int32  // its id as the launcher sees it, or an errno, negated; 0 before
	fate     uint32 // fateOpen and so on
	listener rights // what the helper sends
}

// rights is a control message that passes one descriptor on (SCM_RIGHTS, unix(7)).
type rights struct {
	head unix.Cmsghdr
	fd   int32 // the child's number; -1 until it has a listener
	_    int32 // up to the message's full length
}

// errFaked is the errno in a report of a call that was answered with success and
// not carried out. No call fails with it.
const errFaked = unix.Errno(4095)

// newSharedReports are reports of a child and its helper, who share them and have
// copies of everything else. The page is to be unmapped.
func newSharedReports() (page []byte, child, helper *report, err error) {
	page, err = unix.Mmap(-1, 0, 2*int(unsafe.Sizeof(*child)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, nil, nil, err
	}
	child = (*report)(unsafe.Pointer(&page[0]))
	helper = (*report)(unsafe.Add(unsafe.Pointer(child), unsafe.Sizeof(*child)))
	child.listener.head = unix.Cmsghdr{Level: unix.SOL_SOCKET, Type: unix.SCM_RIGHTS}
	child.listener.head.SetLen(unix.CmsgLen(4))
	child.listener.fd = -1
	return page, child, helper, nil
}

// fate is what the launcher has decided about a child that waits for it.
const (
	fateOpen  = iota // nothing: if the launcher is gone, the helper ends the child
	fateGo           // the child goes on to its program
	fateTaken        // the launcher ends the child itself
)
