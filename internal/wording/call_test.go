// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/spelling"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNearestCall(t *testing.T) {
	tests := map[string]struct{ name, want string }{
		"letter too many":        {"opennat", "openat"},
		"letter missing":         {"opnat", "openat"},
		"letter wrong":           {"sendmsk", "sendmsg"},
		"letters swapped":        {"raed", "read"},
		"two mistakes":           {"epoll_wiatt", "epoll_wait"},
		"three mistakes":         {"epxll_wiatt", ""},
		"upper case":             {"OPEN", "open"},
		"C's macro":              {"__NR_read", "read"},
		"C's macro on ARM":       {"__ARM_NR_cacheflush", "cacheflush"},
		"glibc's macro":          {"SYS_openat", "openat"},
		"kernel's function":      {"__x64_sys_openat", "openat"},
		"macro with a typo":      {"__NR_opennat", "openat"},
		"space around":           {" close\n", "close"},
		"known":                  {"mmap", "mmap"},
		"known, like a C prefix": {"sys_debug_setcontext", "sys_debug_setcontext"},
		"the longest, mistyped":  {"sched_rr_get_interval_time6", "sched_rr_get_interval_time64"},
		"nothing near":           {"frobnicate", ""},
		"short and wrong":        {"xx", ""},
		"empty":                  {"", ""},
		"one letter":             {"x", ""},
		"alphabet decides":       {"dup4", "dup"},
		"the nearer wins":        {"pread46", "pread64"},
		"longer than any name":   {strings.Repeat("read", 50), ""},
		"not text":               {"\xff\xfe\x00", ""},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, tt.want, NearestCall(tt.name), "%q", tt.name)
		})
	}
}

// FuzzNearestCall holds NearestCall to a plain search.
func FuzzNearestCall(f *testing.F) {
	for _, s := range []string{"opennat", "epoll_wiatt", "ca", "abc", "epollwait2", "\xff\xff_x", "sched_rr_get_interval_time6444"} {
		f.Add(s)
	}
	known := calls()
	f.Fuzz(func(t *testing.T, name string) {
		if len(name) > 40 || strings.ContainsAny(name, " \t\r\n_ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			return // prefixes and case have rows of their own
		}
		best, least := "", min(2, (len(name)+1)/3)
		if arch.Known(name) {
			best, least = name, -1
		}
		for _, k := range known {
			if d := edits(name, k); d <= least {
				best, least = k, d-1
			}
		}
		require.Equal(t, best, NearestCall(name), "%q", name)
	})
}

// TestNearestCallEveryTypo mistypes every known name in each way: something as near
// must be found.
func TestNearestCallEveryTypo(t *testing.T) {
	for _, name := range calls() {
		for i := range len(name) {
			for _, typo := range []string{name[:i] + name[i+1:], name[:i] + "q" + name[i:], name[:i] + "q" + name[i+1:]} {
				got := NearestCall(typo)
				if d := edits(typo, got); got == "" && len(typo) > 1 || d > 1 {
					t.Errorf("%q, meant as %q: got %q", typo, name, got)
				}
			}
		}
	}
}

// edits is how many make one word of the other, 3 if more than two do.
func edits(a, b string) int {
	if b == "" {
		return len(a)
	}
	for n := range 3 {
		if spelling.New(a, n).Offer(b) {
			return n
		}
	}
	return 3
}

// TestCalls: every call of every ABI stands once in the list.
func TestCalls(t *testing.T) {
	longest := 0
	for _, a := range arch.All() {
		for _, name := range a.Calls() {
			_, found := slices.BinarySearch(calls(), name)
			assert.True(t, found, name)
			longest = max(longest, len(name))
		}
	}
	assert.Equal(t, longestCall, longest)
	assert.Len(t, slices.Compact(slices.Clone(calls())), len(calls()))
}

func TestNearestCallAllocations(t *testing.T) {
	assert.Zero(t, testing.AllocsPerRun(100, func() { NearestCall("opennat") }))
}

// BenchmarkNearestCall measures what a document pays for each name that no table
// knows.
func BenchmarkNearestCall(b *testing.B) {
	for _, name := range []string{"opennat", "frobnicate", "sched_rr_get_intervall_time64"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				NearestCall(name)
			}
		})
	}
}
