// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"slices"
	"testing"

	. "github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

func TestArch(t *testing.T) {
	assert.Len(t, All(), 24)
	assert.True(t, slices.IsSorted(All()))
	assert.Equal(t, "x86_64", X86_64.String())
	assert.Equal(t, "Arch(77)", Arch(77).String())
	for _, a := range All() {
		for nr, name := range a.Calls() {
			got, ok := a.Number(name)
			assert.True(t, ok, "%v %s", a, name)
			assert.Equal(t, nr, got, "%v %s", a, name)
			first, ok := a.Name(nr)
			assert.True(t, ok, "%v %s", a, name)
			if first != name {
				assert.Equal(t, "arm 341", a.String()+" "+"341", "%v %d %s %s", a, nr, first, name)
			}
		}
	}
}

func TestSuggest(t *testing.T) {
	tests := map[string]struct{ name, want string }{
		"letter too many":        {"opennat", "openat"},
		"letter missing":         {"opnat", "openat"},
		"letters swapped":        {"raed", "read"},
		"two letters wrong":      {"epoll_wiatt", "epoll_wait"},
		"upper case":             {"OPEN", "open"},
		"C's macro":              {"__NR_read", "read"},
		"glibc's macro":          {"SYS_openat", "openat"},
		"kernel's function":      {"__x64_sys_openat", "openat"},
		"macro with a typo":      {"__NR_opennat", "openat"},
		"space around":           {" close\n", "close"},
		"known":                  {"mmap", "mmap"},
		"known, like a C prefix": {"sys_debug_setcontext", "sys_debug_setcontext"},
		"nothing near":           {"frobnicate", ""},
		"short and wrong":        {"xx", ""},
		"empty":                  {"", ""},
		"one letter":             {"x", ""},
		"alphabet decides":       {"dup4", "dup"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, tt.want, Suggest(tt.name), "%q", tt.name)
		})
	}
}
