// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// The codes of this package's diagnostics. Those of resolving are package profile's.
const (
	emptyArches   profile.Code = "mesos-empty-arches"
	argsDropped   profile.Code = "mesos-args"
	otherArch     profile.Code = "mesos-arch"
	ignoredKey    profile.Code = "mesos-ignored-key"
	inexact       profile.Code = "mesos-number"
	newCapability profile.Code = "mesos-capability"
	noEntry       profile.Code = "mesos-no-arch"
	// Refused is the code of what the agent itself refuses, with its own message.
	Refused    profile.Code = "mesos-refused"
	dockerType profile.Code = "marathon-docker"
	notRead    profile.Code = "marathon-not-read"
)

var meanings = map[profile.Code]string{
	emptyArches:   "an empty list of arches in includes drops the rule on every machine; for Docker it is no condition",
	argsDropped:   "args that are no list are no conditions: the rule applies to all arguments",
	otherArch:     "the rule is for other machines",
	ignoredKey:    "a key that Docker reads and Mesos does not",
	inexact:       "a number that the agent changes: it reads integers below 2^63 exactly, and no others",
	newCapability: "a capability that agents before Mesos 1.11 may not know, and then refuse the profile",
	Refused:       "what the agent refuses, in its own words",
	noEntry:       "archMap has no entry for the machine: only its own ABI is filtered",
	dockerType:    "a container of type DOCKER, where Marathon drops linuxInfo in silence",
	notRead:       "a part of the definition that is not looked at",
}

// Codes are the codes of this package's own diagnostics, in alphabetical order.
func Codes() []profile.Code { return document.Codes(meanings) }

// Meaning is what a code of this package stands for; empty for any other.
func Meaning(c profile.Code) string { return meanings[c] }
