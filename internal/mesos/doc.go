// SPDX-License-Identifier: Apache-2.0

// Package mesos does what surrounds a profile in a Mesos cluster. Marathon reads the
// definition of an app or a pod (ParseMarathon), which may ask for a profile; the agent's
// isolator linux/seccomp finds the profile that a container runs under (Agent, Isolator,
// Launch); the launcher computes the capabilities that a profile asks about (Capabilities);
// and Marathon holds back what fails (Backoff, Delay).
//
// The profile itself is read by package profile/mesos. Package marathon runs what is
// found here. Messages of the agent and of Marathon are theirs word for word, so that a
// person finds in a log what Sieve said before.
//
// The facts are those of Mesos 1.8 to 1.11 and Marathon 1.8 (apache/mesos c1b42f79,
// mesosphere/marathon 90619da7). What only a running cluster knows is not looked at:
// offers, roles, secrets, images.
package mesos
