// SPDX-License-Identifier: Apache-2.0

package arch

// Width is how many bits of an argument the kernel reads: 16, 32 or 64, where a
// pointer counts 64. Indices are 0 to 5. It is false where that is not known: for
// a name that no 64-bit kernel has, or an argument that the call has not.
//
// The widths are those of a 64-bit kernel for its own ABI (SYSCALL_DEFINE, Linux
// 6.18). An ABI of 32 bits has no more than 32 of each. A width says what the
// kernel's C code declares; it may still use fewer bits.
func Width(name string, index int) (bits int, ok bool) {
	id, ok := find(name)
	if !ok || index < 0 || index > 5 {
		return 0, false
	}
	switch nameWidths[id] >> (2 * index) & 3 {
	case 1:
		return 16, true
	case 2:
		return 32, true
	case 3:
		return 64, true
	}
	return 0, false
}
