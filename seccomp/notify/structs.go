// SPDX-License-Identifier: Apache-2.0

package notify

// This file has the structures and flags of include/uapi/linux/seccomp.h that cross between
// kernel and supervisor. The kernel tells how long its own are (system.NotifySizes).

// notif is struct seccomp_notif, with the struct seccomp_data in it.
type notif struct {
	id         uint64
	pid, flags uint32
	nr         int32
	audit      uint32
	ip         uint64
	args       [6]uint64
}

// response is struct seccomp_notif_resp (include/uapi/linux/seccomp.h).
type response struct {
	id    uint64
	value int64
	err   int32
	flags uint32
}

const flagContinue = 1 // SECCOMP_USER_NOTIF_FLAG_CONTINUE

// addfd is struct seccomp_notif_addfd (include/uapi/linux/seccomp.h).
type addfd struct {
	id          uint64
	flags       uint32
	source      uint32
	number      uint32
	numberFlags uint32
}

// Flags of struct seccomp_notif_addfd.
const (
	addAt   = 1 << 0 // SECCOMP_ADDFD_FLAG_SETFD
	addSend = 1 << 1 // SECCOMP_ADDFD_FLAG_SEND
)
