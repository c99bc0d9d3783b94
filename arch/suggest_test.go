// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSuggest(t *testing.T) {
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
			assert.Equal(t, tt.want, arch.Suggest(tt.name), "%q", tt.name)
		})
	}
}

// FuzzSuggest holds Suggest to a plain search with a plain distance.
func FuzzSuggest(f *testing.F) {
	for _, s := range []string{"opennat", "epoll_wiatt", "ca", "abc", "epollwait2", "\xff\xff_x", "sched_rr_get_interval_time6444"} {
		f.Add(s)
	}
	known := knownNames()
	f.Fuzz(func(t *testing.T, name string) {
		if len(name) > 40 || strings.ContainsAny(name, " \t\r\n_ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			return // prefixes and case have rows of their own
		}
		best, least := "", min(2, (len(name)+1)/3)
		if arch.Known(name) {
			best, least = name, -1
		}
		for _, k := range known {
			if d := plainDistance(name, k); d <= least {
				best, least = k, d-1
			}
		}
		require.Equal(t, best, arch.Suggest(name), "%q", name)
	})
}

// TestSuggestEveryTypo mistypes every known name in each way: something as near
// must be found.
func TestSuggestEveryTypo(t *testing.T) {
	for _, name := range knownNames() {
		for i := range len(name) {
			for _, typo := range []string{name[:i] + name[i+1:], name[:i] + "q" + name[i:], name[:i] + "q" + name[i+1:]} {
				got := arch.Suggest(typo)
				if d := plainDistance(typo, got); got == "" && len(typo) > 1 || d > 1 {
					t.Errorf("%q, meant as %q: got %q", typo, name, got)
				}
			}
		}
	}
}

// plainDistance is optimal string alignment by its definition.
func plainDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
