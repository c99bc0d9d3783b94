// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
)

// BenchmarkCommand starts /bin/true under a filter that allows everything, and
// waits for it, in turn with plain os/exec, for launchers that hold some
// memory. The median of each and the ratio of the medians are reported.
func BenchmarkCommand(b *testing.B) {
	p := rig.Only("getppid", seccomp.Errno(7))
	explained := rig.Compiled(b, p)
	asks := seccomp.Filter{rig.Denying(rig.Number(b, "getppid"), seccomp.Notify)}
	for _, way := range []string{"sharing", "copying", "listening", "explained", "traced"} {
		for _, mib := range []int{0, 256} {
			b.Run(fmt.Sprintf("%s/heap=%dMiB", way, mib), func(b *testing.B) {
				held := make([]byte, mib<<20)
				for i := 0; i < len(held); i += 4096 {
					held[i] = 1
				}
				var plain, filtered []time.Duration
				for b.Loop() {
					plain = append(plain, took(b, exec.Command("/bin/true").Run))
					c := Command(rig.Always(seccomp.Allow), "/bin/true")
					switch way {
					case "copying":
						c.apart = true
					case "listening":
						c = Command(asks, "/bin/true")
						c.Listen = true
					case "explained", "traced":
						c = Command(explained, "/bin/true")
						c.Supervise, c.Trace = p, supervise.CanTrace && way == "traced"
					}
					filtered = append(filtered, took(b, c.Run))
					if c.Listener != nil {
						c.Listener.Close()
					}
				}
				runtime.KeepAlive(held)
				slices.Sort(plain)
				slices.Sort(filtered)
				p, f := plain[len(plain)/2], filtered[len(filtered)/2]
				b.ReportMetric(float64(p.Microseconds()), "os/exec-µs")
				b.ReportMetric(float64(f.Microseconds()), "command-µs")
				b.ReportMetric(float64(f)/float64(p), "ratio")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func took(b *testing.B, run func() error) time.Duration {
	begin := time.Now()
	if err := run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin)
}

// BenchmarkInstallCheck measures what Install adds to the kernel's own work, for
// a program of which every instruction is looked at. Attaching one of this
// length takes the kernel a hundred microseconds or more.
func BenchmarkInstallCheck(b *testing.B) {
	program := make(bpf.Program, 600)
	for i := range program {
		program[i] = rig.Always(seccomp.Allow)[0][0]
	}
	f := seccomp.Filter{program}
	for b.Loop() {
		if err := f.Check(0); err != nil {
			b.Fatal(err)
		}
	}
}
