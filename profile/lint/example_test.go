// SPDX-License-Identifier: Apache-2.0

package lint_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/lint"
)

// The kernel reads the family of prctl as 32 bits. A filter compares 64, and lets
// AF_ALG through if another bit is set.
func ExampleLint() {
	p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
		{"names": ["prctl"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_EQ"}]}]}`), profile.File("no-alg.json"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range lint.Lint(p, profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}) {
		if d.Severity == profile.Failure {
			fmt.Println(d.Place.Line, d.Code, d.Message)
			fmt.Println(d.Fix)
		}
	}
	// Output:
	// 2 wide-bypass prctl(0x100000026) on x86_64 gets ALLOW, but the kernel reads only 32 bits of argument 0: that is prctl(0x26), which gets ERRNO(1)
	// compare what the kernel reads (--args narrow), or write SCMP_CMP_MASKED_EQ with value 4294967295 and valueTwo 38
}
