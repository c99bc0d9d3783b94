// SPDX-License-Identifier: Apache-2.0

// Package handover passes the listener of a seccomp filter from a container runtime
// to a supervisor that listens on a socket, as the OCI runtime specification
// defines for a profile's listenerPath (config-linux.md, "The seccomp notify
// listener").
//
// The runtime connects to an AF_UNIX stream socket, sends one [ContainerProcessState] as
// JSON with the listener's descriptor beside its first byte, and closes the connection.
// [Send] is the runtime's side, [Receive] the supervisor's. A runtime connects with package
// net, best before it has a container: then it knows early whether there is a supervisor.
//
// # Limits, and what it is bad at
//
// A state has at most 1 MiB. Send knows that the message was sent, not that it
// was read: the protocol has no answer. Receive believes what the sender says about
// itself, and checks the descriptor only; who may connect is up to the permissions of
// the socket. Descriptors beside the listener are refused when sending and closed when
// receiving.
//
// # Kernels and threads
//
// Listeners need Linux 5.0. Send makes calls that the filter may ask about, so it must
// not run on a thread that the filter is on: call it from launch.Cmd.HandOver, or before
// the child runs. On other systems errors wrap seccomp.ErrNotSupported.
//
// The listener comes from package launch or notify, and notify.Listener.Receive is what a
// supervisor calls next.
package handover
