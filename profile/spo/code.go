// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"maps"
	"slices"

	"github.com/gosieve/sieve/profile"
)

// The codes of this package's own diagnostics. All others are package profile's.
const (
	aliases      profile.Code = "spo-aliases"
	base         profile.Code = "spo-base"
	baseRules    profile.Code = "spo-base-rules"
	disabled     profile.Code = "spo-disabled"
	emptyFlags   profile.Code = "spo-empty-flags"
	errnoZero    profile.Code = "spo-errno-zero"
	kindCode     profile.Code = "spo-kind"
	listenerPath profile.Code = "spo-listener-path"
	mergeKey     profile.Code = "spo-merge-key"
	nativeArch   profile.Code = "spo-native-arch"
	otherKind    profile.Code = "spo-other-kind"
	repeated     profile.Code = "spo-repeated"
	required     profile.Code = "spo-required"
	several      profile.Code = "spo-several"
	tooMany      profile.Code = "spo-too-many"
)

var meanings = map[profile.Code]string{
	aliases:      "aliases that make a small document a huge one",
	base:         "a base profile that is not given, or bases that go round in a circle",
	baseRules:    "a call that a profile and its base decide so that no document can say what they do together",
	disabled:     "a profile that the operator does not install",
	emptyFlags:   "an empty list of flags, which the operator loses: runc (since 1.2) then asks for SPEC_ALLOW",
	errnoZero:    "errnoRet 0, which the operator loses: the call gets EPERM",
	kindCode:     "an object of another kind",
	listenerPath: "a listenerPath that the API server refuses",
	mergeKey:     "a merge key (<<), which is not read",
	nativeArch:   "SCMP_ARCH_NATIVE, which the schema allows and runc and crun refuse",
	otherKind:    "an object of another kind beside a profile, which is not looked at",
	repeated:     "a value that is there twice in a list of which the API server wants each once",
	required:     "a field that the API server wants",
	several:      "several profiles where one is wanted",
	tooMany:      "more conditions than the API server takes",
}

// Codes are the codes of this package's own diagnostics, in alphabetical order.
func Codes() []profile.Code { return slices.Sorted(maps.Keys(meanings)) }

// Meaning is what a code of this package stands for; empty for any other.
func Meaning(c profile.Code) string { return meanings[c] }
