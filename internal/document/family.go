// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Family returns a profile of Docker's family that means what a policy does in the mode of
// ENOSYS with which it will be read.
//
// FromPolicy chooses the mode for the shortest document. In another mode the reader would
// answer ENOSYS to other numbers, which nameAll mends as far as it can be mended; Write
// proves the result.
func Family(p *seccomp.Policy, w Writing) (*profile.Profile, error) {
	doc, mode, err := FromPolicy(p)
	if err != nil {
		return nil, err
	}
	if l := w.Like; l != nil {
		doc.Flags, doc.ListenerPath, doc.ListenerMetadata = l.Flags, l.ListenerPath, l.ListenerMetadata
	}
	if w.ENOSYS == mode {
		return doc, nil
	}
	again, _, err := doc.Resolve(profile.Target{Arch: Machine(p), Kernel: arch.Newest}, w.ENOSYS)
	if err != nil {
		return nil, err
	}
	if (&Contract{}).same(p, again) != nil {
		nameAll(doc, p)
	}
	return doc, nil
}

// nameAll adds a rule with the default's action for the last call of each ABI. It decides
// nothing, but runc answers ENOSYS above the highest number that a document names
// (patchbpf, libcontainer/seccomp), and there are then no names above it.
func nameAll(doc *profile.Profile, p *seccomp.Policy) {
	r := profile.Rule{Action: doc.DefaultAction, ErrnoRet: doc.DefaultErrnoRet,
		Comment: "the last call of each ABI, as by default: runc answers ENOSYS to later ones"}
	seen := map[string]bool{}
	for _, a := range p.Arches {
		last := ""
		for _, name := range a.Calls() {
			last = name
		}
		if !seen[last] {
			seen[last] = true
			r.Names = append(r.Names, last)
		}
	}
	doc.Syscalls = append(doc.Syscalls, r)
}

// Indented returns a JSON document indented by tabs, with a line feed at its end.
func Indented(doc []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(doc), "", "\t"); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// Shortened is the first reasons, and how many there are beside.
func Shortened(list []string) []string {
	if len(list) > mostReasons {
		return append(list[:mostReasons:mostReasons], fmt.Sprintf("and %d more", len(list)-mostReasons))
	}
	return list
}
