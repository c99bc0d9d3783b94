// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
)

func ExampleParse() {
	for _, name := range []string{"SCMP_ARCH_MIPSEL64", "mips64le", "X86-64"} {
		a, err := arch.Parse(name)
		fmt.Println(a, err)
	}
	// Output:
	// mipsel64 <nil>
	// mipsel64 <nil>
	// Arch(0) unknown architecture "X86-64"; did you mean "x86_64"?
}

func ExampleOf() {
	token := arch.X86_64.Audit()
	for _, nr := range []uint32{0, 0x40000000} {
		a, _ := arch.Of(token, nr)
		name, _ := a.Name(nr)
		fmt.Printf("%#x %#x: %v %s\n", token, nr, a, name)
	}
	// Output:
	// 0xc000003e 0x0: x86_64 read
	// 0xc000003e 0x40000000: x32 read
}

func ExampleArch_Number() {
	for _, a := range []arch.Arch{arch.X86_64, arch.ARM, arch.MIPS64N32, arch.SH} {
		nr, ok := a.Number("clone3")
		fmt.Println(a, nr, ok, a.Since(nr))
	}
	// Output:
	// x86_64 435 true 5.3
	// arm 435 true 5.3
	// mips64n32 6435 true 5.4
	// sh 0 false 0.0
}

func ExampleArch_Multiplexer() {
	mux, n, ok := arch.X86.Multiplexer("sendmsg")
	fmt.Println(mux, n, ok)
	mux, n, ok = arch.X86_64.Multiplexer("sendmsg")
	fmt.Println(mux, n, ok)
	// Output:
	// socketcall 16 true
	//  0 false
}
