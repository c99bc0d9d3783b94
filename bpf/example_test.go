// SPDX-License-Identifier: Apache-2.0

package bpf_test

import (
	"fmt"

	"github.com/gosieve/sieve/bpf"
)

const denies135 = `
0: ld   [0]
1: jeq  #135  jt 3  jf 2
2: ret  #0x7fff0000
3: ret  #0x50001
`

func ExampleParse() {
	p, err := bpf.Parse(denies135)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(p), p.Check())
	fmt.Printf("%#x %#x\n", p.Run(&bpf.Data{0: 1}), p.Run(&bpf.Data{0: 135}))
	// Output:
	// 4 <nil>
	// 0x7fff0000 0x50001
}
