// SPDX-License-Identifier: Apache-2.0

// Package notify answers system calls on behalf of the kernel: those that a filter answers
// with seccomp.Notify (seccomp_unotify(2)).
//
// The calling thread sleeps in its system call. The holder of the filter's listener
// receives the call as a [Notification], looks at it, and answers: with an errno, with a
// result, with a descriptor, or by letting the kernel carry the call out.
//
// A [Listener] waits for calls with a context ([Listener.Receive]). A child's comes from
// launch.Cmd.Listen; that is the one to prefer. [FileListener] makes one of a descriptor
// that came from elsewhere, such as through package handover. [Listen] filters the calling
// thread itself, and gives the bare descriptor, an [FD]. That is enough for callers that
// hold descriptors and numbers of calls, as with libseccomp's seccomp_notify_receive,
// seccomp_notify_respond and seccomp_notify_id_valid.
//
// # What it is bad at
//
// It is no way to allow a call by what its pointers point to. The caller's other threads
// can change that memory between the supervisor's look and the kernel's: see
// [Notification.Continue]. Make such a call in the caller's place and give it the
// result ([Notification.AddFD]), or deny it in the filter. A call that is asked about
// costs two switches of context, some microseconds. The kernel allows one listener for
// all filters of a thread.
//
// # Kernels, privileges, threads
//
// Listeners need Linux 5.0, Continue 5.5, AddFD 5.9, FDAnswer 5.14 and the flag
// WaitKillable 5.19; package features tells. Since 5.9 Receive returns io.EOF when the
// last process under the filter has ended. Reading memory needs the right to trace the
// caller. A thread that calls Listen must be held (runtime.LockOSThread) from
// seccomp.NoNewPrivs on; all methods of Listener and Notification may be called by any
// goroutine.
//
// The files, in the order in which a call passes through them: listen.go, listener.go,
// receive.go (for a bare descriptor: fd.go), notification.go, and memory.go, sockaddr.go, pidfd.go, addfd.go for what a
// supervisor asks and gives. structs.go has the kernel's structures.
package notify
