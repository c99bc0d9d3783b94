// SPDX-License-Identifier: Apache-2.0

package system_test

import (
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// reads are the two ways to another process's memory, each over this process's own.
var reads = map[string]func(pid int, addr uint64, p []byte) (int, error){"process_vm_readv": system.ReadMemory, "/proc/PID/mem": system.ReadMem}

// TestReadMemory reads up to the end of a page, across one, and where nothing is mapped.
func TestReadMemory(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	size := os.Getpagesize()
	file, err := os.Create(filepath.Join(t.TempDir(), "two pages"))
	require.NoError(t, err)
	defer file.Close()
	require.NoError(t, file.Truncate(int64(2*size)))
	// The third page is beyond the end of the file: it cannot be read, and nothing else
	// is mapped there meanwhile.
	pages, err := unix.Mmap(int(file.Fd()), 0, 3*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	require.NoError(t, err)
	defer unix.Munmap(pages)
	for i := range pages[:2*size] {
		pages[i] = byte(i % 251) // no divisor of a page
	}
	start := uint64(uintptr(unsafe.Pointer(&pages[0])))
	tests := map[string]struct{ from, length, want int }{
		"within a page":            {10, 20, 20},
		"to the end of a page":     {size - 8, 8, 8},
		"across two pages":         {size - 8, 16, 16},
		"all there is":             {0, 2 * size, 2 * size},
		"beyond the last page":     {2*size - 8, 16, 8},
		"nothing that can be read": {2 * size, 8, 0},
	}
	for name, tt := range tests {
		for way, read := range reads {
			t.Run(name+", "+way, func(t *testing.T) {
				got := make([]byte, tt.length)
				n, err := read(os.Getpid(), start+uint64(tt.from), got)
				require.NoError(t, err)
				require.Equal(t, tt.want, n)
				require.Equal(t, pages[tt.from:tt.from+tt.want], got[:n])
			})
		}
	}
}

// TestReadMemoryGone has a process that is not there: the largest id is never given out
// (PID_MAX_LIMIT, linux/threads.h, is 2^22).
func TestReadMemoryGone(t *testing.T) {
	const nobody = 1 << 30
	for way, read := range reads {
		_, err := read(nobody, 4096, make([]byte, 8))
		require.Error(t, err, way)
	}
	_, err := system.ProcessOf(nobody)
	require.ErrorIs(t, err, system.ErrGone)
}

func TestProcessOf(t *testing.T) {
	got := make(chan int)
	require.NoError(t, system.OnOwnThread(func() {
		id, err := system.ProcessOf(unix.Gettid())
		if err != nil {
			id = -1
		}
		got <- id
	}))
	require.Equal(t, os.Getpid(), <-got)
}

func TestPageRest(t *testing.T) {
	for addr, want := range map[uint64]int{0: 4096, 1: 4095, 4095: 1, 4096: 4096, 1<<64 - 1: 1} {
		require.Equal(t, want, system.PageRest(addr), "%#x", addr)
	}
}
