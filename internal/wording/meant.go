// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// alike are words that mean the same in different vocabularies: operators in C, in libseccomp
// and in words, and the names of actions in the kernel and in documents. NE is nearer to EQ
// than to what NEQ stands for, so these are looked for before letters are counted.
var alike = [...][]string{
	{"eq", "==", "=", "===", "equal", "equals", "is"},
	{"ne", "!=", "<>", "neq", "not_equal", "noteq"},
	{"lt", "<", "less"},
	{"le", "<=", "lte", "=<"},
	{"gt", ">", "greater"},
	{"ge", ">=", "gte", "=>"},
	{"masked_eq", "&", "&=", "mask", "masked", "maskedeq", "mask_eq", "masked_equal"},
	{"errno", "deny", "denied", "block", "reject", "error"},
	{"allow", "permit", "accept", "pass"},
	{"notify", "user_notif", "user_notify", "usernotify"},
	{"kill_process", "killprocess", "kill_proc"},
	{"kill_thread", "killthread"},
}

// Meant is Nearest for the words of a vocabulary, such as actions and operators: a word that
// another tool has for one of them is that one. "==" is SCMP_CMP_EQ, and "deny" is
// SCMP_ACT_ERRNO.
func Meant(word string, names []string) string {
	bare := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(word)), "-", "_")
	for _, prefix := range [...]string{"scmp_act_", "scmp_cmp_", "seccomp_ret_"} {
		bare = strings.TrimPrefix(bare, prefix)
	}
	prefix := commonPrefix(names)
	for _, name := range names {
		other := strings.ReplaceAll(strings.ToLower(name[len(prefix):]), "-", "_")
		for _, group := range alike {
			if bare == other || slices.Contains(group, bare) && slices.Contains(group, other) {
				return name
			}
		}
	}
	return Nearest(word, names)
}

// Arch is the ABI that a word was meant to name: in another case, with a hyphen for the
// underscore, or with another tool's word behind OCI's prefix (SCMP_ARCH_ARM64).
func Arch(word string) (arch.Arch, bool) {
	bare := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(word)), "-", "_")
	for _, prefix := range [...]string{"scmp_arch_", "audit_arch_"} {
		bare = strings.TrimPrefix(bare, prefix)
	}
	for _, s := range [...]string{word, bare} {
		if a, err := arch.Parse(s); err == nil {
			return a, true
		}
	}
	return 0, false
}

// Kernel is the version of a kernel that a text was meant to be, as "6.1": it may have a v
// before it, a comma for the dot, or words around it. It is empty where there is none.
func Kernel(text string) string {
	for i := 0; i < len(text); i++ {
		major := digits(text[i:])
		if major == "" {
			continue
		}
		rest := text[i+len(major):]
		if rest == "" || rest[0] != '.' && rest[0] != ',' && rest[0] != '_' {
			return ""
		}
		version := major + "." + digits(rest[1:])
		for _, part := range strings.Split(version, ".") {
			if _, err := strconv.ParseUint(part, 10, 8); err != nil {
				return ""
			}
		}
		if _, err := arch.ParseKernel(version); err != nil {
			return ""
		}
		return version
	}
	return ""
}

// digits are those at the begin of a text.
func digits(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
}
