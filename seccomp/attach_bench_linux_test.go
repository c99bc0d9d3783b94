// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// attaches is how many times each way is measured. A filter stays, and each that
// is there costs the next one a little: a process ends after some, and the two
// ways take turns.
const attaches = 15

// BenchmarkAttach measures Install beside the bare system call with the same
// program, in processes that are thrown away. The medians of both and their ratio
// are reported.
func BenchmarkAttach(b *testing.B) {
	const inner = "SIEVE_BENCH_ATTACH"
	sizes := map[string]int{"short": 3, "long": 180}
	for name, rules := range sizes {
		if os.Getenv(inner) == name {
			measureAttach(attachable(b, rules))
			return
		}
	}
	if os.Getenv(inner) != "" {
		return
	}
	for name := range sizes {
		b.Run(name, func(b *testing.B) {
			var bare, install []int64
			for b.Loop() {
				c := exec.Command("/proc/self/exe", "-test.run=^$", "-test.bench=^BenchmarkAttach$", "-test.benchtime=1x")
				c.Env = append(os.Environ(), inner+"="+name)
				out, err := c.Output()
				if err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				for line := range strings.Lines(string(out)) {
					var x, y int64
					if n, _ := fmt.Sscanf(line, "attached %d %d", &x, &y); n == 2 {
						bare, install = append(bare, x), append(install, y)
					}
				}
			}
			if len(bare) < attaches {
				b.Fatalf("%d measurements, want %d or more", len(bare), attaches)
			}
			slices.Sort(bare)
			slices.Sort(install)
			x, y := bare[len(bare)/2], install[len(install)/2]
			b.ReportMetric(float64(x), "seccomp-ns")
			b.ReportMetric(float64(y), "install-ns")
			b.ReportMetric(float64(y)/float64(x), "ratio")
			b.ReportMetric(float64(len(attachable(b, sizes[name])[0])), "insns")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// attachable is a filter of some hundred instructions for many rules.
func attachable(b *testing.B, rules int) seccomp.Filter {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Allow, BadArch: seccomp.KillProcess}
	for i := range rules {
		p.Rules = append(p.Rules, seccomp.Rule{Numbers: []seccomp.Range{{uint32(1000 + 7*i), uint32(1002 + 7*i)}}, Action: seccomp.Errno(uint16(1 + i))})
	}
	return rig.Compiled(b, p)
}

func measureAttach(f seccomp.Filter) {
	runtime.LockOSThread()
	if err := seccomp.NoNewPrivs(); err != nil {
		panic(err)
	}
	prog := &unix.SockFprog{Len: uint16(len(f[0])), Filter: (*unix.SockFilter)(unsafe.Pointer(&f[0][0]))}
	bare := func() {
		if _, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(prog))); errno != 0 {
			panic(errno)
		}
	}
	install := func() {
		if err := f.Install(0); err != nil {
			panic(err)
		}
	}
	bare()
	install()
	for i := range attaches {
		order := []func(){bare, install}
		if i%2 == 1 {
			slices.Reverse(order)
		}
		var took [2]time.Duration
		for j, do := range order {
			begin := time.Now()
			do()
			took[j] = time.Since(begin)
		}
		if i%2 == 1 {
			slices.Reverse(took[:])
		}
		fmt.Printf("attached %d %d\n", took[0], took[1])
	}
	runtime.KeepAlive(f)
}
