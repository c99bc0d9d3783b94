// SPDX-License-Identifier: Apache-2.0

package arch

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/spelling"
)

// Parse is the ABI of a name, in any spelling that documents and tools use:
// OCI's token (SCMP_ARCH_X86_64), libseccomp's name (x86_64), Go's (amd64),
// uname's (i686, armv7l), the names in Docker's filters (mips3l64n32) and
// Debian's (ppc64el). Names are exact, case included, as they are for everyone
// who reads them. Where a name stands for two byte orders or word sizes, as
// uname's "mips" and "x86_64" do, it is that of libseccomp.
//
// Errors name the nearest spelling.
func Parse(name string) (Arch, error) {
	for a := X86_64; a <= last; a++ {
		if abis[a].spells(name) {
			return a, nil
		}
	}
	text := strconv.Quote(clip(name))
	if near := nearestArch(name); near != "" {
		text += "; did you mean " + strconv.Quote(near) + "?"
	} else {
		text += `, want one like "SCMP_ARCH_X86_64", "x86_64" or "amd64"`
	}
	return 0, errors.New("unknown architecture " + text)
}

// spells says whether a name is one of the ABI's. An ABI without some name has "" for it,
// which is no name.
func (a *abi) spells(name string) bool {
	switch name {
	case "":
		return false
	case a.name, a.token, a.goarch:
		return true
	}
	return slices.Contains(a.others, name)
}

// nearestArch is the spelling that was probably meant, "" if none is near.
func nearestArch(name string) string {
	if s := otherCase(name); s != "" {
		return s
	}
	g := spelling.New(name, spelling.Typos(name))
	for a := X86_64; a <= last; a++ {
		abi := &abis[a]
		for _, s := range [...]string{abi.token, abi.name, abi.goarch} {
			g.Offer(s)
		}
		for _, s := range abi.others {
			g.Offer(s)
		}
	}
	return g.Best()
}

// otherCase is the spelling that differs in case and surrounding space alone, or
// that has another word after OCI's prefix.
func otherCase(name string) string {
	word, token := strings.CutPrefix(spelling.Fold(clip(name)), "scmp_arch_")
	for a := X86_64; a <= last; a++ {
		switch abi := &abis[a]; {
		case !abi.spells(word):
		case token:
			return abi.token
		default:
			return word
		}
	}
	return ""
}

// clip shortens what an error repeats: names come from documents that others wrote.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
