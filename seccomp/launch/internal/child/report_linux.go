// SPDX-License-Identifier: Apache-2.0

package child

import (
	"unsafe" // for linkname too

	"golang.org/x/sys/unix"
)

// This file has what the child and the helper leave in memory for the launcher to read.

// Report is how far the child came. It lies in memory that launcher and child
// share, so that a child under a filter that denies or kills every call can
// still tell.
type Report struct {
	Reached uint32 // steps begun
	Errno   uint32 // why the last of them failed

	// Where a helper makes the child:
	Child    int32  // its id as the launcher sees it, or an errno, negated; 0 before
	Fate     uint32 // FateOpen and so on
	Listener Rights // what the helper sends
}

// Rights is a control message that passes one descriptor on (SCM_RIGHTS, unix(7)).
type Rights struct {
	Head unix.Cmsghdr
	FD   int32 // the child's number; -1 until it has a listener
	_    int32 // up to the message's full length
}

// ErrFaked is the errno in a report of a call that was answered with success and
// not carried out. No call fails with it.
const ErrFaked = unix.Errno(4095)

// NewSharedReports are reports of a child and its helper, who share them and have
// copies of everything else. The page is to be unmapped.
func NewSharedReports() (page []byte, child, helper *Report, err error) {
	page, err = unix.Mmap(-1, 0, 2*int(unsafe.Sizeof(*child)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, nil, nil, err
	}
	child = (*Report)(unsafe.Pointer(&page[0]))
	helper = (*Report)(unsafe.Add(unsafe.Pointer(child), unsafe.Sizeof(*child)))
	child.Listener.Head = unix.Cmsghdr{Level: unix.SOL_SOCKET, Type: unix.SCM_RIGHTS}
	child.Listener.Head.SetLen(unix.CmsgLen(4))
	child.Listener.FD = -1
	return page, child, helper, nil
}

// fate is what the launcher has decided about a child that waits for it.
const (
	FateOpen  = iota // nothing: if the launcher is gone, the helper ends the child
	FateGo           // the child goes on to its program
	FateTaken        // the launcher ends the child itself
)
