// SPDX-License-Identifier: Apache-2.0

package symbolic

// A diagram that compares two words bit by bit, or adds them, is small if their bits
// alternate, and has an exponential number of vertices if one word comes after the other.
// So before a program is explored it is gone through once, forward, with the set of words
// that each register may depend on. Where an operation joins two registers, their words
// meet. The sets are what some path may bring together: too many only cost time.

// Meetings are the sets of words that operations bring together: their bits
// should alternate (Order.Interleave).
//
// Bit w of a set is word w of the input. Only operations with X join two words: an
// operation with a constant keeps one. Shifts are left out: X is a number
// of places there, not bits that stand beside those of A. A program without
// such operations, as every filter for a policy is, has no sets and keeps the usual
// order.
func Meetings(code []Instruction) []uint16 {
	any := false
	for _, i := range code {
		any = any || i.usesX() && (i.class() == classAlu || i.class() == classJmp)
	}
	if !any {
		return nil
	}
	type words struct {
		a, x uint16
		m    [16]uint16
	}
	at := make([]words, len(code)+1)
	pass := func(pc int, w *words) { // w holds at pc too
		at[pc].a |= w.a
		at[pc].x |= w.x
		for i := range w.m {
			at[pc].m[i] |= w.m[i]
		}
	}
	seen := map[uint16]bool{}
	var sets []uint16
	for pc, i := range code {
		w := at[pc]
		if class := i.class(); i.usesX() && (class == classAlu || class == classJmp) {
			set := w.a | w.x
			if w.a != 0 && w.x != 0 && !i.shifts() && set&(set-1) != 0 && !seen[set] {
				seen[set] = true
				sets = append(sets, set)
			}
			if class == classAlu {
				w.a = set
			}
		}
		switch i.class() {
		case classLd, classLdx:
			loaded := uint16(0)
			switch i.Op & modeMask {
			case modeAbs:
				loaded = 1 << (i.K / 4)
			case modeMem:
				loaded = w.m[i.K]
			}
			if i.class() == classLd {
				w.a = loaded
			} else {
				w.x = loaded
			}
		case classSt:
			w.m[i.K] = w.a
		case classStx:
			w.m[i.K] = w.x
		case classMisc:
			if i.Op&miscMask == miscTxa {
				w.a = w.x
			} else { // TAX
				w.x = w.a
			}
		}
		switch {
		case i.jumps():
			pass(pc+1+int(i.K), &w)
		case i.branch():
			pass(pc+1+int(i.Jt), &w)
			pass(pc+1+int(i.Jf), &w)
		case !i.returns():
			pass(pc+1, &w)
		}
	}
	return sets
}
