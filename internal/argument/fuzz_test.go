// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode"

	"github.com/gosieve/sieve/arch"
)

// wild is memory that holds the same bytes everywhere, and more than was asked.
type wild []byte

func (w wild) ReadString(uint64, int) (string, error) { return string(w), nil }

func (w wild) Read(_ uint64, p []byte) (int, error) {
	for i := range p {
		if len(w) > 0 {
			p[i] = w[i%len(w)]
		}
	}
	return len(p), nil
}

// FuzzText writes any call's arguments: at most six, printable, of bounded length.
func FuzzText(f *testing.F) {
	f.Add(uint8(1), uint16(257), []byte("/etc/passwd\x00"), make([]byte, 48))
	f.Add(uint8(8), uint16(102), []byte{0x41, 0, 0x10}, []byte{3: 3, 8: 1, 40: 0xff})
	names := []string{"nonsense"}
	for _, a := range arch.All() {
		for _, name := range a.Calls() {
			names = append(names, name)
		}
	}
	f.Fuzz(func(t *testing.T, abi uint8, call uint16, mem, registers []byte) {
		var args [6]uint64
		for i := range args {
			if len(registers) >= 8*i+8 {
				args[i] = binary.LittleEndian.Uint64(registers[8*i:])
			}
		}
		name := names[int(call)%len(names)]
		for _, m := range []Memory{nil, wild(mem)} {
			texts := Text(arch.Arch(abi%27), name, args, m)
			if len(texts) > 6 {
				t.Fatalf("%s has %d arguments", name, len(texts))
			}
			for _, text := range texts {
				if bad := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); bad >= 0 || len(text) > 16<<10 || text == "" {
					t.Fatalf("%s: %d bytes: %q", name, len(text), text)
				}
			}
		}
	})
}
