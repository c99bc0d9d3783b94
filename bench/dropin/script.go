// SPDX-License-Identifier: Apache-2.0

// Package dropin holds github.com/seccomp/libseccomp-golang, which calls the C library, and
// Sieve's package in its place to the same decisions, errors and values.
//
// Both have one import path, so one program cannot hold both. Program player plays scripts,
// lists of API calls, on whichever it was built with; the tests build it with each, play the
// same script on all, and compare the replies. A player is a process of its own because the
// C library does not come back from some sets of rules.
package dropin

// A Step is one call of the API.
type Step struct {
	// Do is the function's or method's name.
	Do string
	// Filter and Other number the filters of a script.
	Filter, Other int `json:",omitempty"`
	// Name is a call or an architecture by name. Where it is given, Call and Arch are not.
	Name string `json:",omitempty"`
	Call int32  `json:",omitempty"`
	Arch uint   `json:",omitempty"`
	// Action is a ScmpAction, its data included.
	Action     uint        `json:",omitempty"`
	Conditions []Condition `json:",omitempty"`
	// Value is an attribute's value, a level or a priority.
	Value uint64 `json:",omitempty"`
}

// A Condition is a ScmpCondition.
type Condition struct {
	Argument uint
	Op       uint
	A, B     uint64
}

// A Reply is what a Step returned.
type Reply struct {
	// Err is the error's text and Kind what a caller can tell of it: an errno's number, a name
	// that the package exports, or nothing but that there is one.
	Err, Kind string `json:",omitempty"`
	Value     string `json:",omitempty"`
	Bytes     []byte `json:",omitempty"`
}

// The numbers of ScmpCompareOp.
const (
	NE = iota + 1
	LT
	LE
	EQ
	GE
	GT
	MaskedEQ
)

// The numbers of ScmpAction.
const (
	KillThread = iota + 1
	Trap
	Notify
	Errno
	Trace
	Allow
	Log
	KillProcess
)
