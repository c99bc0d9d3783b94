// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bytes"
	"encoding/json"
)

// MarshalJSON writes the profile as a docker or podman document, or an oci one if
// it has none of their own keys. Parse reads the same profile from it, but for
// places and warnings.
//
// <, > and & in comments are written as they are, since the document is not for a web
// page. An empty list of flags is written and an absent one is not: the two mean
// different things.
func (p *Profile) MarshalJSON() ([]byte, error) {
	if p == nil {
		return []byte("null"), nil
	}
	d := document{
		DefaultAction: p.DefaultAction, DefaultErrnoRet: p.DefaultErrnoRet, DefaultErrno: p.DefaultErrno,
		Architectures: p.Architectures, ArchMap: p.ArchMap,
		ListenerPath: p.ListenerPath, ListenerMetadata: p.ListenerMetadata, Syscalls: []documentRule{},
	}
	if p.Flags != nil {
		d.Flags = &p.Flags
	}
	for i := range p.Syscalls {
		r := p.Syscalls[i].document()
		if l := p.legacyOf(i); l != nil {
			r.Name = l.name
		}
		d.Syscalls = append(d.Syscalls, r)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(d)
	return b.Bytes(), err
}

// document is a profile as JSON has it.
type document struct {
	DefaultAction    string         `json:"defaultAction"`
	DefaultErrnoRet  *uint32        `json:"defaultErrnoRet,omitempty"`
	DefaultErrno     string         `json:"defaultErrno,omitempty"`
	Architectures    []string       `json:"architectures,omitempty"`
	ArchMap          []ArchMap      `json:"archMap,omitempty"`
	Flags            *[]string      `json:"flags,omitempty"`
	ListenerPath     string         `json:"listenerPath,omitempty"`
	ListenerMetadata string         `json:"listenerMetadata,omitempty"`
	Syscalls         []documentRule `json:"syscalls"`
}

type documentRule struct {
	Name     string          `json:"name,omitempty"` // beside names: podman alone bears it
	Names    []string        `json:"names"`
	Action   string          `json:"action"`
	ErrnoRet *uint32         `json:"errnoRet,omitempty"`
	Errno    string          `json:"errno,omitempty"`
	Args     []documentArg   `json:"args,omitempty"`
	Comment  string          `json:"comment,omitempty"`
	Includes *documentFilter `json:"includes,omitempty"`
	Excludes *documentFilter `json:"excludes,omitempty"`
}

type documentArg struct {
	Index    uint32 `json:"index"`
	Value    uint64 `json:"value"`
	ValueTwo uint64 `json:"valueTwo"` // some readers require it
	Op       string `json:"op"`
}

type documentFilter struct {
	Caps      []string `json:"caps,omitempty"`
	Arches    []string `json:"arches,omitempty"`
	MinKernel string   `json:"minKernel,omitempty"`
}

// MarshalJSON writes the rule as docker and podman documents have it.
func (r Rule) MarshalJSON() ([]byte, error) { return json.Marshal(r.document()) }

// document is the rule as JSON has it. Conditions keep their order, which decides nothing,
// so that a person finds them again.
func (r *Rule) document() documentRule {
	d := documentRule{Names: r.Names, Action: r.Action, ErrnoRet: r.ErrnoRet, Errno: r.Errno, Comment: r.Comment,
		Includes: r.Includes.document(), Excludes: r.Excludes.document()}
	for _, a := range r.Args {
		d.Args = append(d.Args, documentArg{a.Index, a.Value, a.ValueTwo, a.Op})
	}
	return d
}

// document is the filter as JSON has it, nil for none. A filter without conditions is written
// as an empty object, as it was read.
func (f *Selector) document() *documentFilter {
	if f == nil {
		return nil
	}
	d := &documentFilter{Caps: f.Caps, Arches: f.Arches}
	if f.MinKernel != nil {
		d.MinKernel = f.MinKernel.String()
	}
	return d
}
