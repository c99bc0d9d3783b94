// SPDX-License-Identifier: Apache-2.0

// Package mesos does what a Mesos agent with the isolator linux/seccomp does:
// it reads profiles in the agent's own strict dialect, and decides which of them
// a container runs under. It also reads the Marathon definitions that ask for one.
//
// Messages of the agent and of Marathon are theirs word for word, so that a person
// finds in a log what Sieve said before. What surprises in their reading is
// a diagnostic (Codes).
//
// The facts are those of Mesos 1.8 to 1.11 and Marathon 1.8 (apache/mesos
// c1b42f79, mesosphere/marathon 90619da7).
package mesos
