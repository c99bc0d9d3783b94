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
	refused       profile.Code = "mesos-refused"
)

// codes are all of them with what they stand for, in alphabetical order.
var codes = []document.Code{
	{Code: "marathon-docker", Meaning: "a container of type DOCKER, where Marathon drops linuxInfo in silence"},
	{Code: "marathon-not-read", Meaning: "a part of the definition that is not looked at"},
	{Code: otherArch, Meaning: "the rule is for other machines"},
	{Code: argsDropped, Meaning: "args that are no list are no conditions: the rule applies to all arguments"},
	{Code: newCapability, Meaning: "a capability that agents before Mesos 1.11 may not know, and then refuse the profile"},
	{Code: emptyArches, Meaning: "an empty list of arches in includes drops the rule on every machine; for Docker it is no condition"},
	{Code: ignoredKey, Meaning: "a key that Docker reads and Mesos does not"},
	{Code: noEntry, Meaning: "archMap has no entry for the machine: only its own ABI is filtered"},
	{Code: inexact, Meaning: "a number that the agent changes: it reads integers below 2^63 exactly, and no others"},
	{Code: refused, Meaning: "what the agent refuses, in its own words"},
}
