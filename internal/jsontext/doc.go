// SPDX-License-Identifier: Apache-2.0

// Package jsontext reads JSON (RFC 8259) with the place of everything in it.
//
// A Reader goes through a text once, from front to back, and its caller asks for what
// should come next: an object and its keys, a list and its items, a string, a number. It
// knows the offset and the path ("syscalls[3].args[0].op") of what it reads, so that an
// error names both. After the first error every method returns at once with a zero value;
// the caller looks at Err in the end, and not after every step:
//
//	r.Init(doc, 256)
//	o := r.Object("an object")
//	for r.Key(&o) {
//		switch o.Key {
//		case "syscall":
//			name = r.ReadString()
//		default:
//			r.Skip()
//		}
//	}
//	r.End()
//	if e := r.Err(); e != nil { ... }
//
// Parse reads a whole text into a tree of Nodes instead. A Node knows where it stands in
// the text, so that a program can change one value and leave the rest, white space
// included, as it was.
//
// Numbers are given as they are written, and Uint converts them without the detour
// through float64 that loses bits beyond 2^53: values of arguments have 64 bits. Keys that
// are there twice are seen: Skip refuses them, and KeySet finds them for callers that read
// an object themselves. Readers of JSON disagree which of the two counts, and a profile
// must not mean one thing here and another in the runtime.
//
// The package accepts the grammar of RFC 8259 and nothing else: no comments, no trailing
// commas, no byte order mark, only UTF-8, no half of a surrogate pair. It bounds the depth;
// the caller bounds the size. It is of no use for streams (the text is in memory whole),
// and it decodes into no Go types: what a document means is for the packages that import
// this one (profile, profile/firecracker). Text that is not JSON by the grammar, but that
// some tool takes for it, is not read here either: package mesos has picojson's grammar.
package jsontext
