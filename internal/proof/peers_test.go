// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/peers.txt anew")

// peer reads a program that another compiler made.
func peer(t testing.TB, name string) seccomp.Filter {
	text, err := os.ReadFile(filepath.Join("testdata/peers", name+".bpf"))
	require.NoError(t, err)
	p, err := bpf.Decode(text, binary.LittleEndian)
	require.NoError(t, err)
	return seccomp.Filter{p}
}

// workload resolves a workload without ENOSYS rules.
func workload(t testing.TB, name string) *seccomp.Policy {
	files := shared.Glob(t, "data/workloads/"+name+"-*.json")
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	p, err := profile.Parse(text, profile.File(filepath.Base(files[0])), profile.In(profile.OCI))
	require.NoError(t, err)
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}, profile.ENOSYSOff)
	require.NoError(t, err)
	return policy
}

// TestPeers says exactly how the programs of others differ from the policy that
// they were made of, in testdata/peers.txt: in calls that their tables lack, on
// x32, on foreign ABIs, in runc's ENOSYS stub, and where elastic's compare an
// argument with call numbers.
func TestPeers(t *testing.T) {
	const most = 8 // differences written out
	var b strings.Builder
	for _, w := range []string{"W1", "W1m", "W3", "W4", "W5"} {
		policy := workload(t, w)
		files, err := filepath.Glob("testdata/peers/" + w + ".*.bpf")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".bpf")
			f := peer(t, name)
			var lines []string
			for d, err := range proof.Diff(proof.Of(policy), proof.Of(f)) {
				require.NoError(t, err)
				require.Equal(t, d.A, policy.Evaluate(&d.Call), "%s: %v", name, d)
				require.Equal(t, d.B, f.Run(&d.Call), "%s: %v", name, d)
				if lines = append(lines, d.String()); len(lines) > 2000 {
					break
				}
			}
			wrong := proof.Prove(f, policy)
			require.Equal(t, len(lines) == 0, wrong == nil, "%s: %v", name, wrong)
			require.False(t, errors.Is(wrong, proof.ErrUndecided), wrong)
			switch n := len(lines); {
			case n == 0:
				fmt.Fprintf(&b, "%s: equal\n", name)
			case n > 2000:
				fmt.Fprintf(&b, "%s: more than 2000 differences\n", name)
				lines = lines[:2]
			default:
				fmt.Fprintf(&b, "%s: %d differences\n", name, n)
			}
			for _, line := range lines[:min(len(lines), most)] {
				if len(line) > 240 {
					line = line[:240] + "..."
				}
				fmt.Fprintf(&b, "  %s\n", line)
			}
		}
	}
	if *update {
		require.NoError(t, os.WriteFile("testdata/peers.txt", []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile("testdata/peers.txt")
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

// TestPeersAgree: both forms of libseccomp's program are equal, as are those of
// libseccomp and gVisor but for x32.
func TestPeersAgree(t *testing.T) {
	for _, w := range []string{"W1", "W1m", "W3", "W4", "W5"} {
		one, two := peer(t, w+".libseccompo1"), peer(t, w+".libseccompo2")
		witness, same, err := proof.EqualPrograms(one[0], two[0])
		require.NoError(t, err)
		require.True(t, same, "%s: %x", w, witness)
	}
	var got []string
	for d, err := range proof.Diff(proof.Of(peer(t, "W4.libseccompo1")), proof.Of(peer(t, "W4.gvisor"))) {
		require.NoError(t, err)
		got = append(got, d.String())
	}
	require.Equal(t, []string{"x32 all calls (1073741824..4294967294): KILL_THREAD, ERRNO(1)"}, got)
}

// TestDecompilePeers reads the programs of others: what comes out compiles to an
// equal filter. elastic's program for W4 is too tangled, and the answer says so.
func TestDecompilePeers(t *testing.T) {
	files, err := filepath.Glob("testdata/peers/*.bpf")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".bpf")
		t.Run(name, func(t *testing.T) {
			f := peer(t, name)
			p, err := proof.Decompile(f)
			if name == "W4.elastic" || name == "W5.elastic" {
				require.ErrorIs(t, err, proof.ErrUndecided)
				return
			}
			require.NoError(t, err)
			again, err := p.Compile()
			require.NoError(t, err)
			require.NoError(t, proof.Prove(again, p))
			_, same, err := proof.EqualPrograms(f[0], again[0])
			require.NoError(t, err)
			require.True(t, same)
			t.Logf("%d instructions, %d rules, %d instructions", len(f[0]), len(p.Rules), len(again[0]))
		})
	}
}

// TestDecompileReadable: the rules of runc's program for Docker's default are about as
// many as the profile has, whatever its ENOSYS stub and three ABIs make of them.
func TestDecompileReadable(t *testing.T) {
	p, err := proof.Decompile(peer(t, "W1m.runc"))
	require.NoError(t, err)
	require.Equal(t, seccomp.Errno(1), p.Default)
	require.LessOrEqual(t, len(p.Rules), 13)
	personality := 0
	for _, r := range p.Rules {
		if slices.Contains(r.Syscalls, "personality") {
			require.Empty(t, r.Arches, "the same on all ABIs")
			personality++
		}
	}
	require.Equal(t, 2, personality)
}

// BenchmarkProve measures one proof, or the search for one difference, of the
// programs of others.
func BenchmarkProve(b *testing.B) {
	for _, name := range []string{"W1.libseccompo1", "W1m.libseccompo1", "W1m.runc", "W4.gvisor", "W5.gvisor"} {
		b.Run(name, func(b *testing.B) {
			w, _, _ := strings.Cut(name, ".")
			p, f := workload(b, w), peer(b, name)
			b.ReportAllocs()
			for b.Loop() {
				if err := proof.Prove(f, p); errors.Is(err, proof.ErrUndecided) {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(f[0])), "insns") // the loop clears what was reported before
		})
	}
}
