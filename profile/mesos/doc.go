// SPDX-License-Identifier: Apache-2.0

// Package mesos reads and writes profiles as a Mesos agent with the isolator
// linux/seccomp does: in the agent's own strict dialect of Docker's format.
//
// The keys are Docker's, but every key is required, an errno is always EPERM, and what
// the agent does not know is ignored in silence: architectures, flags, errnoRet, minKernel.
// An agent decides conditions on the machine when it reads a profile, and conditions on
// capabilities when it launches a container. It adds no answers of ENOSYS.
//
//	p, err := mesos.Parse(text, profile.File("default.json"))
//	policy, diagnostics, err := p.Resolve(target)
//
// Messages of the agent are its own word for word, so that a person finds in a log what
// Sieve said before. What surprises in its reading is a diagnostic. Package
// profile/dialect reads this dialect beside all others.
//
// What is not as an agent does it: names of calls are those that Sieve knows, not those of
// one libseccomp; and two rules of which libseccomp picks one by an order of its own are
// refused. The facts are those of Mesos 1.8 to 1.11 (apache/mesos c1b42f79).
//
// A document, with all the keys that an agent requires:
//
//	{"defaultAction": "SCMP_ACT_ERRNO",
//	 "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}],
//	 "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [],
//	               "includes": {}, "excludes": {}}]}
//
// Package profile/dialect writes profiles for one machine's agents. An agent does not know
// errnos and tracers' numbers other than 1, LOG, USER_NOTIF and KILL_PROCESS, numbers of 2^63
// or more, two conditions on one argument, and ABIs other than those of libseccomp 2.5. The
// next stage is package seccomp, which compiles the policy.
package mesos
