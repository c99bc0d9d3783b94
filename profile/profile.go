// SPDX-License-Identifier: Apache-2.0

package profile

import "github.com/gosieve/sieve/arch"

// Profile is a document as it was written: nothing in it depends on a machine.
// Resolve makes a policy of it for one.
//
// Parse fills it; a program may also make one, or change what Parse made.
// Places in errors and diagnostics are those of the document that was parsed;
// for what a program added only the path is known.
type Profile struct {
	// Dialect says how the document is meant.
	Dialect Dialect
	// DefaultAction is for calls that no rule matches: "SCMP_ACT_ERRNO".
	DefaultAction string
	// DefaultErrnoRet is the errno or the tracer's number of DefaultAction;
	// nil means EPERM.
	DefaultErrnoRet *uint32
	// DefaultErrno is the same as a name or a number in text, "ENOSYS" or "38"
	// (podman only). Unless it is empty it counts, and DefaultErrnoRet does not.
	DefaultErrno string
	// Architectures are the ABIs to filter beside the target's own:
	// "SCMP_ARCH_X86_64". Docker has either these or ArchMap.
	Architectures []string
	// ArchMap gives the ABIs to filter for each target (not in oci). Podman
	// applies it on some hosts only.
	ArchMap []ArchMap
	// Flags are those of seccomp(2): "SECCOMP_FILTER_FLAG_LOG". Nil, which means
	// that the document has none, asks for SPEC_ALLOW where the kernel has
	// it, as runc does; an empty list asks for no flag.
	Flags []string
	// ListenerPath is the socket to which a launcher sends the descriptor that
	// SCMP_ACT_NOTIFY needs, and ListenerMetadata what it sends along.
	ListenerPath, ListenerMetadata string
	// Syscalls are the rules.
	Syscalls []Rule
	// Warnings are what Parse noticed, in the order of the document.
	Warnings []Diagnostic

	source source
	at     profileMarks
	legacy []legacyName // in the order of the rules
}

// legacyName is the name of a rule that has names too, which Podman bears.
type legacyName struct {
	rule mark // the rule's place
	name string
	at   mark
}

// profileMarks are the places of a profile's parts.
type profileMarks struct {
	defaultAction, defaultErrnoRet, defaultErrno, architectures, archMap, listenerPath, listenerMetadata mark
	architecture, flags                                                                                  marks
}

// ArchMap says which ABIs are filtered on a target.
type ArchMap struct {
	Architecture     string   `json:"architecture"`     // the target: "SCMP_ARCH_X86_64"
	SubArchitectures []string `json:"subArchitectures"` // what else it runs: "SCMP_ARCH_X86"

	at   mark
	subs marks
}

// Rule gives an action to some calls.
type Rule struct {
	// Names are the calls. The legacy key "name" becomes a list of one.
	Names []string
	// Action is "SCMP_ACT_ALLOW" and the like.
	Action string
	// ErrnoRet is the errno or the tracer's number of Action; nil means EPERM.
	ErrnoRet *uint32
	// Errno is the same as a name or a number in text, "ENOSYS" or "38" (podman
	// only). Unless it is empty it counts, and ErrnoRet does not.
	Errno string
	// Args are conditions, which must all hold; but if an argument has more
	// than one, one of all of them is enough (AndRepeated changes that).
	Args []Arg
	// Includes must all be met, and none of Excludes, for the rule to apply
	// (not in oci). Nil means no condition.
	Includes, Excludes *Selector
	// Comment is for people.
	Comment string

	at ruleMarks
}

// Arg is a condition on an argument.
type Arg struct {
	Index uint32 // 0 to 5
	Op    string // "SCMP_CMP_EQ"
	// Value is what the argument is compared with, but for SCMP_CMP_MASKED_EQ
	// the mask, and ValueTwo what the masked argument must be.
	Value, ValueTwo uint64

	at, index, value, valueTwo, op mark
}

// Selector says for which targets a rule is.
type Selector struct {
	Caps      []string     // capabilities: "CAP_SYS_ADMIN"
	Arches    []string     // machines as Docker calls them: "amd64", "s390x"; in podman as libseccomp-golang does
	MinKernel *arch.Kernel // this kernel or a later one; nil for any. Podman does not look at it.

	caps, arches marks
}

// ruleMarks are the places of a rule's parts.
type ruleMarks struct {
	rule, action, errnoRet, errno mark
	names                         marks
	legacy                        bool // name stands in the place of names
}
