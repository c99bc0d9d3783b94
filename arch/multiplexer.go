// SPDX-License-Identifier: Apache-2.0

package arch

const (
	socketcall = "socketcall"
	ipc        = "ipc"
)

// Multiplexer tells by which call with which first argument a program can reach
// a call beside its own number, or instead of it: mux is "socketcall" or "ipc".
// The kernel reads the low 32 bits of socketcall's first argument and the low 16
// of ipc's. It is false on an ABI without multiplexers, and for all other calls.
//
// The calls that take a 64-bit time where words have 32 bits are not reached so:
// socketcall's recvmmsg and ipc's semtimedop take the old one, and
// recvmmsg_time64 and semtimedop_time64 have their own numbers alone
// (net/socket.c, ipc/syscall.c).
func (a Arch) Multiplexer(name string) (mux string, n uint32, ok bool) {
	mux, n = multiplexed(name)
	if n == 0 {
		return "", 0, false
	}
	if _, ok := a.Number(mux); !ok {
		return "", 0, false
	}
	return mux, n, true
}

// The numbers of socketcall's calls are those of SYS_SOCKET and so on, and ipc's those of
// SEMOP and so on. They are a switch and not a map, which would be built at start-up.

// multiplexed holds the numbers of include/uapi/linux/net.h and
// include/uapi/linux/ipc.h.
func multiplexed(name string) (mux string, n uint32) {
	switch name {
	case "socket":
		return socketcall, 1
	case "bind":
		return socketcall, 2
	case "connect":
		return socketcall, 3
	case "listen":
		return socketcall, 4
	case "accept":
		return socketcall, 5
	case "getsockname":
		return socketcall, 6
	case "getpeername":
		return socketcall, 7
	case "socketpair":
		return socketcall, 8
	case "send":
		return socketcall, 9
	case "recv":
		return socketcall, 10
	case "sendto":
		return socketcall, 11
	case "recvfrom":
		return socketcall, 12
	case "shutdown":
		return socketcall, 13
	case "setsockopt":
		return socketcall, 14
	case "getsockopt":
		return socketcall, 15
	case "sendmsg":
		return socketcall, 16
	case "recvmsg":
		return socketcall, 17
	case "accept4":
		return socketcall, 18
	case "recvmmsg":
		return socketcall, 19
	case "sendmmsg":
		return socketcall, 20
	case "semop":
		return ipc, 1
	case "semget":
		return ipc, 2
	case "semctl":
		return ipc, 3
	case "semtimedop":
		return ipc, 4
	case "msgsnd":
		return ipc, 11
	case "msgrcv":
		return ipc, 12
	case "msgget":
		return ipc, 13
	case "msgctl":
		return ipc, 14
	case "shmat":
		return ipc, 21
	case "shmdt":
		return ipc, 22
	case "shmget":
		return ipc, 23
	case "shmctl":
		return ipc, 24
	}
	return "", 0
}
