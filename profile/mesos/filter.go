// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/profile"
)

// filter is what includes or excludes say: whether the key arches is there, names
// this machine, or is empty, and the capabilities.
type filter struct {
	arches, match, empty bool
	at                   *value
	caps                 []string
}

func (p *parser) filter(item *value, path, key string) (filter, *Error) {
	v, why := item.field(key, object)
	path += "." + key
	if why != "" {
		return filter{}, p.fail(cmpValue(v, item), path, "Cannot determine '"+key+"' field for 'syscalls' item: "+why)
	}
	var f filter
	if err := p.filterArches(&f, v, path+".arches"); err != nil {
		return f, err
	}
	if err := p.filterCaps(&f, v, path+".caps"); err != nil {
		return f, err
	}
	if k := v.fields["minKernel"]; k != nil && k.kind != null {
		p.warn(k, path+".minKernel", ignoredKey, profile.Warning, "", "minKernel is not looked at: the rule counts on every kernel")
	}
	return f, nil
}

// filterArches looks for the machine. What comes after it is not looked at.
func (p *parser) filterArches(f *filter, v *value, path string) *Error {
	arches, why := v.field("arches", list)
	switch why {
	case notFound:
		return nil
	case wrongType:
		return p.fail(arches, path, wrongType)
	}
	f.arches, f.at, f.empty = true, arches, len(arches.items) == 0
	for i, item := range arches.items {
		path := fmt.Sprintf("%s[%d]", path, i)
		if item.kind != text {
			return p.fail(item, path, "'arches' contains non-string item")
		}
		abi, ok := machines()[item.text]
		if !ok {
			return p.fail(item, path, "Unknown architecture: '"+item.text+"'")
		}
		if f.match = abi == p.native; f.match {
			return nil
		}
	}
	return nil
}

func (p *parser) filterCaps(f *filter, v *value, path string) *Error {
	caps, why := v.field("caps", list)
	switch why {
	case notFound:
		return nil
	case wrongType:
		return p.fail(caps, path, wrongType)
	}
	for i, item := range caps.items {
		path := fmt.Sprintf("%s[%d]", path, i)
		if item.kind != text {
			return p.fail(item, path, "'caps' contains non-string item")
		}
		rest, ok := strings.CutPrefix(item.text, "CAP_")
		if !ok {
			return p.fail(item, path, "Unexpected capability: '"+item.text+"'")
		}
		n := slices.Index(capabilityWords, rest)
		if n < 0 && rest != "UNKNOWN" { // which no process has
			return p.fail(item, path, "Unknown capability: '"+item.text+"'")
		}
		if n >= oldCapabilities {
			p.warn(item, path, newCapability, profile.Warning, "", "an agent before Mesos 1.11 may not know %s, and then refuses the profile", item.text)
		}
		f.caps = append(f.caps, item.text)
	}
	return nil
}

// applies says whether the rule counts for a process with a bounding set.
func (r *rule) applies(bounding []string) bool {
	for _, c := range r.includes {
		if !slices.Contains(bounding, c) {
			return false
		}
	}
	for _, c := range r.excludes {
		if slices.Contains(bounding, c) {
			return false
		}
	}
	return true
}
