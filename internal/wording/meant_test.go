// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/arch"
)

// TestMeant: other tools' words are the ones that mean the same, and not those that look alike.
func TestMeant(t *testing.T) {
	operators := []string{"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_GT", "SCMP_CMP_GE", "SCMP_CMP_MASKED_EQ"}
	actions := []string{"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY"}
	flags := []string{"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"}
	signs := []string{"==", "!=", "<", "<=", ">", ">=", "&", "in"}
	plain := []string{"allow", "kill-process", "kill-thread", "user-notify", "log"}
	for _, row := range []struct {
		words []string
		names []string
		want  string
	}{
		{[]string{"==", "EQ", "eq", "equals", "SCMP_CMP_EQUAL", "SCMP_CMP_EQUALS"}, operators, "SCMP_CMP_EQ"},
		{[]string{"!=", "NEQ", "SCMP_CMP_NEQ", "SCMP_CMP_NOT_EQUAL"}, operators, "SCMP_CMP_NE"},
		{[]string{"<=", "SCMP_CMP_LTE", "lte"}, operators, "SCMP_CMP_LE"},
		{[]string{">=", "SCMP_CMP_GTE"}, operators, "SCMP_CMP_GE"},
		{[]string{"&", "SCMP_CMP_MASK_EQ", "masked", "SCMP_CMP_MASKEDEQ"}, operators, "SCMP_CMP_MASKED_EQ"},
		{[]string{"eq", "SCMP_CMP_EQ", "=", "==="}, signs, "=="},
		{[]string{"SCMP_CMP_NEQ", "<>"}, signs, "!="},
		{[]string{"deny", "SCMP_ACT_DENY", "block", "SECCOMP_RET_ERRNO"}, actions, "SCMP_ACT_ERRNO"},
		{[]string{"allow", "ALLOW", "SCMP_ALLOW", "SECCOMP_RET_ALLOW", "alow", "scmp_act_allow"}, actions, "SCMP_ACT_ALLOW"},
		{[]string{"kill_process", "KILL-PROCESS", "SECCOMP_RET_KILL_PROCESS", "SCMP_ACT_KILLPROCESS"}, actions, "SCMP_ACT_KILL_PROCESS"},
		{[]string{"USER_NOTIF", "SECCOMP_RET_USER_NOTIF"}, actions, "SCMP_ACT_NOTIFY"},
		{[]string{"kill_process", "SCMP_ACT_KILL_PROCESS", "killprocess"}, plain, "kill-process"},
		{[]string{"LOG", "SECCOMP_FLAG_LOG", "logg"}, flags, "SECCOMP_FILTER_FLAG_LOG"},
		{[]string{"xyzzy", "", "SCMP_CMP_", "DO_NOT_ALLOW_THIS"}, operators, ""},
	} {
		for _, word := range row.words {
			assert.Equal(t, row.want, Meant(word, row.names), word)
		}
	}
}

func TestArch(t *testing.T) {
	for word, want := range map[string]arch.Arch{
		"x86-64": arch.X86_64, "X86_64": arch.X86_64, "amd64": arch.X86_64, "SCMP_ARCH_AMD64": arch.X86_64, "AUDIT_ARCH_X86_64": arch.X86_64,
		"SCMP_ARCH_ARM64": arch.AArch64, "scmp_arch_aarch64": arch.AArch64, " ARM64": arch.AArch64, "SCMP_ARCH_I386": arch.X86, "ppc64-le": 0, "": 0, "SCMP_ARCH_": 0,
	} {
		got, ok := Arch(word)
		assert.Equal(t, want, got, word)
		assert.Equal(t, want != 0, ok, word)
	}
}

func TestKernel(t *testing.T) {
	for text, want := range map[string]string{
		"v6.1": "6.1", "6,1": "6.1", "linux-5.15.0-91": "5.15", "6.1.0-rc1": "6.1", "Linux 4_14": "4.14",
		"6": "", "latest": "", "": "", "6.": "", "999.1": "", "6.l": "", "0.0": "",
	} {
		assert.Equal(t, want, Kernel(text), "%q", text)
	}
}
