// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
)

// Constants is a file constants.json of minijail's (tools/generate_constants_json.py):
// the numbers of calls, the values of constants and the groups of calls of one ABI.
type Constants struct {
	// ABI is the one that the file is for.
	ABI arch.Arch
	// Calls are the numbers of system calls by their names.
	Calls map[string]uint32
	// Values are the constants, cut to 64 bits.
	Values map[string]uint64
	// Groups are the names of calls by the namespace and the name of a group.
	Groups map[string]map[string][]string
}

// ParseConstants reads constants.json. Errors are *profile.Error.
//
// The file names its ABI by arch_nr, the AUDIT_ARCH number of include/uapi/linux/audit.h.
// The keys that are read are those of class Arch in tools/arch.py; others are ignored.
func ParseConstants(doc []byte, opts ...profile.ParseOption) (*Constants, error) {
	whole, _, _, err := document.Open(doc, opts...)
	if err != nil {
		return nil, err
	}
	var in struct {
		Audit     *uint32                        `json:"arch_nr"`
		Syscalls  map[string]int64               `json:"syscalls"`
		Constants map[string]json.Number         `json:"constants"`
		Groups    map[string]map[string][]string `json:"syscall_groups"`
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	if err := d.Decode(&in); err != nil {
		return nil, document.Fail(profile.ErrSyntax, "syntax", whole.Place(int(min(d.InputOffset(), int64(len(doc)))), ""), "constants.json: %v", err)
	}
	wrong := func(format string, args ...any) (*Constants, error) {
		return nil, document.Fail(profile.ErrProfile, constantCode, whole.Place(-1, ""), "constants.json: "+format, args...)
	}
	if in.Audit == nil {
		return wrong("no arch_nr, which says the machine")
	}
	c := &Constants{Calls: map[string]uint32{}, Values: map[string]uint64{}, Groups: in.Groups}
	abi, ok := arch.Of(*in.Audit, 0)
	if !ok {
		return wrong("arch_nr %#x is no machine's", *in.Audit)
	}
	c.ABI = abi
	for name, nr := range in.Syscalls {
		if nr < 0 || nr > 1<<32-1 {
			return wrong("syscalls: %s: %d is no number of a call", text.Clip(name), nr)
		}
		c.Calls[name] = uint32(nr)
	}
	for name, number := range in.Constants {
		v, err := integer(number.String())
		if err != nil {
			return wrong("constants: %s: %s", text.Clip(name), err)
		}
		c.Values[name] = v
	}
	return c, nil
}

// integer reads a whole number from -2^63 to 2^64-1. A negative one becomes its two's
// complement, as BPF compares unsigned words. A fraction or an exponent is refused.
func integer(number string) (uint64, error) {
	var u uint64
	if json.Unmarshal([]byte(number), &u) == nil {
		return u, nil
	}
	var i int64
	if json.Unmarshal([]byte(number), &i) == nil {
		return uint64(i), nil
	}
	return 0, fmt.Errorf("%s is no whole number of 64 bits", text.Clip(number))
}

// group returns the calls of a group, which policies write "name@namespace".
func (c *Constants) group(name, namespace string) ([]string, bool) {
	calls, ok := c.Groups[namespace][name]
	return calls, ok
}

// names are all constants in order, as candidates for a suggestion.
func (c *Constants) names() []string { return slices.Sorted(maps.Keys(c.Values)) }
