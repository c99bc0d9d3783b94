// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"github.com/gosieve/sieve/internal/document"
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

// codes are all of them with what they stand for, in alphabetical order.
var codes = []document.Code{
	{Code: aliases, Meaning: "aliases that make a small document a huge one"},
	{Code: base, Meaning: "a base profile that is not given, or bases that go round in a circle"},
	{Code: baseRules, Meaning: "a call that a profile and its base decide so that no document can say what they do together"},
	{Code: disabled, Meaning: "a profile that the operator does not install"},
	{Code: emptyFlags, Meaning: "an empty list of flags, which the operator loses: runc (since 1.2) then asks for SPEC_ALLOW"},
	{Code: errnoZero, Meaning: "errnoRet 0, which the operator loses: the call gets EPERM"},
	{Code: kindCode, Meaning: "an object of another kind"},
	{Code: listenerPath, Meaning: "a listenerPath that the API server refuses"},
	{Code: mergeKey, Meaning: "a merge key (<<), which is not read"},
	{Code: nativeArch, Meaning: "SCMP_ARCH_NATIVE, which the schema allows and runc and crun refuse"},
	{Code: otherKind, Meaning: "an object of another kind beside a profile, which is not looked at"},
	{Code: repeated, Meaning: "a value that is there twice in a list of which the API server wants each once"},
	{Code: required, Meaning: "a field that the API server wants"},
	{Code: several, Meaning: "several profiles where one is wanted"},
	{Code: tooMany, Meaning: "more conditions than the API server takes"},
}
