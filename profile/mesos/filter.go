// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/picojson"
	"github.com/gosieve/sieve/profile"
)

// filter is what includes or excludes say.
type filter struct {
	// arches says that the key is there, match that it names this machine, and empty that its
	// list has no items: the agent then takes it for a condition that never holds.
	arches, match, empty bool
	at                   *picojson.Value
	caps                 []string
}

// filter reads includes or excludes, which are required objects; an empty one is no condition:
//
//	"includes": {"arches": ["amd64"], "caps": ["CAP_SYS_ADMIN"]}, "excludes": {}
//
// minKernel is Docker's alone. The agent ignores it, so that such a rule counts always.
func (p *parser) filter(item *picojson.Value, path, key string) (filter, *document.Refusal) {
	v, why := item.Field(key, picojson.Object)
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
	if k := v.Fields["minKernel"]; k != nil && k.Kind != picojson.Null {
		p.warn(k, path+".minKernel", ignoredKey, profile.Warning, "", "minKernel is not looked at: the rule counts on every kernel")
	}
	return f, nil
}

// filterArches reads the list of machines and looks for this one. The agent stops at the
// first match, so that an unknown name behind it is no error on this machine, and is one on
// every other.
func (p *parser) filterArches(f *filter, v *picojson.Value, path string) *document.Refusal {
	arches, why := v.Field("arches", picojson.List)
	switch why {
	case picojson.NotFound:
		return nil
	case picojson.WrongType:
		return p.fail(arches, path, picojson.WrongType)
	}
	f.arches, f.at, f.empty = true, arches, len(arches.Items) == 0
	for i, item := range arches.Items {
		path := fmt.Sprintf("%s[%d]", path, i)
		if item.Kind != picojson.Text {
			return p.fail(item, path, "'arches' contains non-string item")
		}
		abi, ok := machines()[item.Text]
		if !ok {
			return p.fail(item, path, "Unknown architecture: '"+item.Text+"'")
		}
		if f.match = abi == p.native; f.match {
			return nil
		}
	}
	return nil
}

// filterCaps reads the list of capabilities. The names are those of CapabilityInfo in
// mesos.proto, to which Mesos 1.11 added the newest. An unknown name is an error for the
// agent; Docker takes it for one that no process has.
func (p *parser) filterCaps(f *filter, v *picojson.Value, path string) *document.Refusal {
	caps, why := v.Field("caps", picojson.List)
	switch why {
	case picojson.NotFound:
		return nil
	case picojson.WrongType:
		return p.fail(caps, path, picojson.WrongType)
	}
	for i, item := range caps.Items {
		path := fmt.Sprintf("%s[%d]", path, i)
		if item.Kind != picojson.Text {
			return p.fail(item, path, "'caps' contains non-string item")
		}
		rest, ok := strings.CutPrefix(item.Text, "CAP_")
		if !ok {
			return p.fail(item, path, "Unexpected capability: '"+item.Text+"'")
		}
		n := slices.Index(capabilityWords, rest)
		if n < 0 && rest != "UNKNOWN" { // which no process has
			return p.fail(item, path, "Unknown capability: '"+item.Text+"'")
		}
		if n >= oldCapabilities {
			p.warn(item, path, newCapability, profile.Warning, "", "an agent before Mesos 1.11 may not know %s, and then refuses the profile", item.Text)
		}
		f.caps = append(f.caps, item.Text)
	}
	return nil
}

// applies reports whether a rule counts for a process with this bounding set: includes must
// all be in it, and excludes must all be absent. The agent's launcher asks this when it
// starts the container. Docker decides alike.
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
