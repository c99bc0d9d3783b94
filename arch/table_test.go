// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNumber holds the places where collections of numbers are known to be
// wrong or to differ.
func TestNumber(t *testing.T) {
	const none = ^uint32(0)
	tests := map[string]struct {
		abi    arch.Arch
		name   string
		number uint32
	}{
		"the plain case":                           {arch.X86_64, "read", 0},
		"x32 carries bit 30":                       {arch.X32, "read", 0x40000000},
		"x32 renumbers from 512":                   {arch.X32, "rt_sigaction", 0x40000200},
		"x32 ends its own at 547":                  {arch.X32, "pwritev2", 0x40000223},
		"x32 lacks calls of x86_64 alone":          {arch.X32, "_sysctl", none},
		"x32 lacks set_thread_area":                {arch.X32, "set_thread_area", none},
		"x32 has uprobe":                           {arch.X32, "uprobe", 0x40000150},
		"x86_64 alone has uretprobe":               {arch.X86_64, "uretprobe", 335},
		"x86 has no uretprobe":                     {arch.X86, "uretprobe", none},
		"MIPS o32 starts at 4000":                  {arch.MIPS, "syscall", 4000},
		"MIPS o32 is the same in either order":     {arch.MIPSEL, "syscall", 4000},
		"MIPS n64 starts at 5000":                  {arch.MIPS64, "read", 5000},
		"MIPS n32 starts at 6000":                  {arch.MIPSEL64N32, "read", 6000},
		"ARM's first private call":                 {arch.ARM, "breakpoint", 0xf0001},
		"ARM's cacheflush is private":              {arch.ARM, "cacheflush", 0xf0002},
		"ARM's set_tls":                            {arch.ARM, "set_tls", 0xf0005},
		"ARM's last private call":                  {arch.ARM, "get_tls", 0xf0006},
		"ARM 341 in the kernel's table":            {arch.ARM, "arm_sync_file_range", 341},
		"ARM 341 in the headers":                   {arch.ARM, "sync_file_range2", 341},
		"ARM has no ipc under EABI":                {arch.ARM, "ipc", none},
		"arm64 has no 64-bit times beside its own": {arch.AArch64, "clock_gettime64", none},
		"arm64 has no open, as all newer tables":   {arch.AArch64, "open", none},
		"SuperH: getattr before setattr":           {arch.SH, "sched_getattr", 369},
		"SuperH: setattr after getattr":            {arch.SHEB, "sched_setattr", 370},
		"SuperH has no clone3":                     {arch.SH, "clone3", none},
		"SuperH's sync_file_range2":                {arch.SH, "sync_file_range2", 388},
		"PA-RISC's cacheflush":                     {arch.PARISC64, "cacheflush", 356},
		"PA-RISC of 64 bits has no _llseek":        {arch.PARISC64, "_llseek", none},
		"s390 ends at 469":                         {arch.S390, "file_setattr", 469},
		"s390 never got listns":                    {arch.S390, "listns", none},
		"s390x has listns":                         {arch.S390X, "listns", 470},
		"s390 has memfd_secret":                    {arch.S390, "memfd_secret", 447},
		"loongarch64 has memfd_secret":             {arch.LoongArch64, "memfd_secret", 447},
		"loongarch64 has no renameat":              {arch.LoongArch64, "renameat", none},
		"arm has no memfd_secret":                  {arch.ARM, "memfd_secret", none},
		"riscv64's hwprobe":                        {arch.RISCV64, "riscv_hwprobe", 258},
		"riscv32 has only 64-bit times":            {arch.RISCV32, "clock_gettime", none},
		"riscv32's 64-bit time":                    {arch.RISCV32, "clock_gettime64", 403},
		"a removed call keeps its number":          {arch.X86_64, "nfsservctl", 180},
		"the newest, on n32":                       {arch.MIPS64N32, "rseq_slice_yield", 6471},
		"no such call":                             {arch.X86_64, "frobnicate", none},
		"the empty name":                           {arch.X86_64, "", none},
		"another case":                             {arch.X86_64, "READ", none},
		"C's name":                                 {arch.X86_64, "__NR_read", none},
		"a name with a zero byte":                  {arch.X86_64, "read\x00", none},
		"a long name":                              {arch.X86_64, strings.Repeat("a", 1<<20), none},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			nr, ok := tt.abi.Number(tt.name)
			if tt.number == none {
				assert.False(t, ok, "%v has %.40q = %#x", tt.abi, tt.name, nr)
				assert.Zero(t, nr)
				return
			}
			assert.True(t, ok, "%v lacks %s", tt.abi, tt.name)
			assert.Equal(t, tt.number, nr, "%v %s", tt.abi, tt.name)
		})
	}
}

func TestName(t *testing.T) {
	tests := map[string]struct {
		abi    arch.Arch
		number uint32
		name   string
	}{
		"the plain case":                      {arch.X86_64, 0, "read"},
		"x32 with its bit":                    {arch.X32, 0x40000000, "read"},
		"x32 without its bit":                 {arch.X32, 0, ""},
		"x86_64 with x32's bit":               {arch.X86_64, 0x40000000, ""},
		"the kernel's name of two":            {arch.ARM, 341, "arm_sync_file_range"},
		"ARM's private call":                  {arch.ARM, 0xf0005, "set_tls"},
		"ARM's private numbers as packed":     {arch.ARM, 0xf005, ""},
		"above ARM's private calls":           {arch.ARM, 0xf0007, ""},
		"another ABI's private number":        {arch.X86, 0xf0005, ""},
		"below MIPS' base":                    {arch.MIPS, 3999, ""},
		"MIPS without its base":               {arch.MIPS, 3, ""},
		"MIPS n64 with n32's base":            {arch.MIPS64, 6000, ""},
		"a hole":                              {arch.X86_64, 400, ""},
		"the number of a skipped call":        {arch.X86_64, 0xffffffff, ""},
		"the number of a skipped call on x32": {arch.X32, 0xffffffff, ""},
		"beyond 16 bits":                      {arch.X86_64, 0x10000, ""},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			name, ok := tt.abi.Name(tt.number)
			assert.Equal(t, tt.name, name, "%v %#x", tt.abi, tt.number)
			assert.Equal(t, tt.name != "", ok, "%v %#x", tt.abi, tt.number)
		})
	}
}

func TestSince(t *testing.T) {
	tests := map[string]struct {
		abi  arch.Arch
		name string
		want string
	}{
		"the first kernel":                   {arch.X86_64, "read", "1.0"},
		"a third number is dropped":          {arch.X86_64, "poll", "2.0"},
		"older than filters there":           {arch.ARM, "read", "0.0"},
		"get_tls":                            {arch.ARM, "get_tls", "4.15"},
		"membarrier is not 3.17":             {arch.X86_64, "membarrier", "4.3"},
		"pkey_alloc is not 4.8":              {arch.X86_64, "pkey_alloc", "4.9"},
		"uretprobe":                          {arch.X86_64, "uretprobe", "6.11"},
		"map_shadow_stack":                   {arch.X86_64, "map_shadow_stack", "6.6"},
		"map_shadow_stack, later on x32":     {arch.X32, "map_shadow_stack", "6.10"},
		"clone3, late on MIPS":               {arch.MIPSEL, "clone3", "5.4"},
		"clone3 on arm64, before its header": {arch.AArch64, "clone3", "5.3"},
		"memfd_secret, late on loongarch64":  {arch.LoongArch64, "memfd_secret", "7.0"},
		"all of loongarch64":                 {arch.LoongArch64, "read", "5.19"},
		"the newest":                         {arch.S390X, "rseq_slice_yield", "7.0"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			nr, ok := tt.abi.Number(tt.name)
			require.True(t, ok)
			assert.Equal(t, tt.want, tt.abi.Since(nr).String(), "%v %s", tt.abi, tt.name)
		})
	}
	assert.Zero(t, arch.X86_64.Since(400), "a hole")
	assert.Zero(t, arch.X86_64.Since(0xffffffff))
}

// TestCalls walks every table: in order, each name once, there and back, and
// nothing from kernels to come.
func TestCalls(t *testing.T) {
	for _, a := range arch.All() {
		seen, before, count := map[string]bool{}, uint32(0), 0
		for nr, name := range a.Calls() {
			count++
			assert.LessOrEqual(t, before, nr, "%v %s", a, name)
			assert.False(t, seen[name], "%v %s stands twice", a, name)
			back, ok := a.Number(name)
			assert.True(t, ok && back == nr, "%v: %s is %d, and back %d", a, name, nr, back)
			first, ok := a.Name(nr)
			assert.True(t, ok, "%v: %d has no name", a, nr)
			assert.True(t, first == name || seen[first], "%v: %d is %s before %s", a, nr, first, name)
			assert.LessOrEqual(t, a.Since(nr), arch.Newest, "%v %s", a, name)
			assert.True(t, arch.Known(name), name)
			seen[name], before = true, nr
		}
		assert.Greater(t, count, 300, "%v", a)
	}
}

func TestCallsStop(t *testing.T) {
	count := 0
	for range arch.X86_64.Calls() {
		if count++; count == 3 {
			break
		}
	}
	assert.Equal(t, 3, count)
}

// TestTables holds the tables to data/*.tsv, row by row.
func TestTables(t *testing.T) {
	for _, a := range arch.All() {
		file := "data/" + twin(a.String()) + ".tsv"
		holds(t, a, rows(t, file))
	}
}

// TestTablesOfReference holds them to the reference material, whose copies of
// MIPS and PowerPC for little-endian machines data/ does without.
func TestTablesOfReference(t *testing.T) {
	for _, a := range arch.All() {
		name := a.String()
		if a == arch.SHEB {
			name = "sh"
		}
		file := "data/syscalls/" + name + ".tsv"
		holds(t, a, fields(t, file, string(shared.Read(t, file))))
	}
}

// twin is the file that has an ABI's numbers.
func twin(name string) string {
	switch name {
	case "sheb":
		return "sh"
	case "ppc64le":
		return "ppc64"
	}
	return strings.Replace(name, "mipsel", "mips", 1)
}

// holds compares rows of name, number and first kernel with an ABI's calls.
func holds(t *testing.T, a arch.Arch, rows [][]string) {
	t.Helper()
	want := map[string]uint32{}
	for _, f := range rows {
		nr := number(t, f[1])
		want[f[0]] = nr
		since := arch.Kernel(0)
		if f[2] != "" {
			var err error
			since, err = arch.ParseKernel(f[2])
			require.NoError(t, err, "%v %s", a, f[0])
		}
		assert.Equal(t, since, a.Since(nr), "%v %s", a, f[0])
	}
	assertSame(t, want, callsOf(a))
}

// assertSame names each call that is in one table alone or has two numbers.
func assertSame(t *testing.T, want, got map[string]uint32) {
	t.Helper()
	for name, nr := range want {
		n, ok := got[name]
		assert.True(t, ok, "lacks %s = %d", name, nr)
		if ok {
			assert.Equal(t, nr, n, name)
		}
	}
	for name, nr := range got {
		_, ok := want[name]
		assert.True(t, ok, "has %s = %d beyond", name, nr)
	}
}

func callsOf(a arch.Arch) map[string]uint32 {
	calls := map[string]uint32{}
	for nr, name := range a.Calls() {
		calls[name] = nr
	}
	return calls
}

// knownNames are all names of all tables, in order.
func knownNames() []string {
	var names []string
	for _, a := range arch.All() {
		for _, name := range a.Calls() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(b)
}
