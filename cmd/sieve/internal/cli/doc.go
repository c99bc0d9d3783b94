// SPDX-License-Identifier: Apache-2.0

// Package cli is the command line of sieve: commands in a tree, their flags, help and
// usage errors.
//
// A [Command] is data: names, texts, flags, commands below it, and an action. [Command.Run]
// follows the words of a command line down that tree, sets the flags of the command it
// ends at, and calls its action, which asks the Command for values. Everything a shell's
// completion wants to know stands in the same fields.
//
// The rules are those of Go's package flag (one dash or two, "=" or the next word, "--"
// ends the flags), and flags may also follow arguments. There are no groups of flags of
// one letter: -ab is the flag "ab".
//
// It is a package of its own because libraries for this weigh more than the rest of the
// command: they render help with text/template, which calls methods by name, so that the
// linker must keep every exported method in the program.
package cli
