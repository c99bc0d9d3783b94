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

// constantsFile is a file constants.json of minijail's (tools/generate_constants_json.py):
// the numbers of calls, the values of constants and the groups of calls of one ABI.
type constantsFile struct {
	abi    arch.Arch                      // that the file is for
	calls  map[string]uint32              // the numbers of system calls by their names
	values map[string]uint64              // cut to 64 bits
	groups map[string]map[string][]string // the names of calls by the namespace and the name of a group
}

// ParseConstants reads constants.json of minijail's, and returns the option of Parse
// that knows its names. With Compiler they are all that policies may use; else those of
// this package are known too. The policy can be resolved for the file's ABI alone. Errors
// are *profile.Error.
//
// The file names its ABI by arch_nr, the AUDIT_ARCH number of include/uapi/linux/audit.h.
// The keys that are read are those of class Arch in tools/arch.py; others are ignored.
func ParseConstants(doc []byte, opts ...profile.ParseOption) (profile.ParseOption, error) {
	c, err := parseConstants(doc, opts)
	if err != nil {
		return nil, err
	}
	return readerOption(func(r *reader) { r.constants = c }), nil
}

// parseConstants reads the file. Of a file
//
//	{"arch_nr": 3221225534, "arch_name": "x86_64", "bits": 64,
//	 "syscalls": {"read": 0}, "constants": {"O_CREAT": 64},
//	 "syscall_groups": {"android": {"base": ["read"]}}}
//
// arch_nr must be there: without it the numbers would be taken for any target. Numbers are
// read as json.Number, because a float64 has 53 bits and constants have 64. Keys that are
// there twice are not refused: encoding/json takes the last, as Python does.
func parseConstants(doc []byte, opts []profile.ParseOption) (*constantsFile, error) {
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
	wrong := func(format string, args ...any) (*constantsFile, error) {
		return nil, document.Fail(profile.ErrProfile, constantCode, whole.Place(-1, ""), "constants.json: "+format, args...)
	}
	if in.Audit == nil {
		return wrong("no arch_nr, which says the machine")
	}
	c := &constantsFile{calls: map[string]uint32{}, values: map[string]uint64{}, groups: in.Groups}
	abi, ok := arch.Of(*in.Audit, 0)
	if !ok {
		return wrong("arch_nr %#x is no machine's", *in.Audit)
	}
	c.abi = abi
	for name, nr := range in.Syscalls {
		if nr < 0 || nr > 1<<32-1 {
			return wrong("syscalls: %s: %d is no number of a call", text.Clip(name), nr)
		}
		c.calls[name] = uint32(nr)
	}
	for name, number := range in.Constants {
		v, err := integer(number.String())
		if err != nil {
			return wrong("constants: %s: %s", text.Clip(name), err)
		}
		c.values[name] = v
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

// group returns the calls of a group, which policies write "name@namespace": "base@android"
// for the example of parseConstants.
func (c *constantsFile) group(name, namespace string) ([]string, bool) {
	calls, ok := c.groups[namespace][name]
	return calls, ok
}

// names are all constants in order, as candidates for a suggestion.
func (c *constantsFile) names() []string { return slices.Sorted(maps.Keys(c.values)) }
