// SPDX-License-Identifier: Apache-2.0

package profile

import "strconv"

// root reads the document. In the oci dialect it may be a whole config.json.
func (p *parser) root() {
	if p.profile.Dialect == OCI && p.isConfig() {
		p.config()
		return
	}
	p.document()
}

// isConfig says whether the object that comes next is a config.json: whichever
// comes first decides, a key of one or of a profile. What is wrong on the way
// there is left to be found by who reads it.
func (p *parser) isConfig() bool {
	ahead := reader{text: p.text, at: p.at, maxDepth: p.maxDepth, path: make([]step, 0, 8)}
	if ahead.peek() != '{' {
		return false
	}
	o := ahead.object(nil)
	for ahead.key(&o) {
		key := ahead.path[len(ahead.path)-1].key
		if i, _ := find(profileKeys, key); i >= 0 {
			return false
		}
		if i, _ := find(configKeys, key); i >= 0 {
			return true
		}
		ahead.skip()
	}
	return false
}

// configKeys are keys of a config.json: one that each must have, and the one that has
// the profile.
var configKeys = []string{"ociVersion", "linux"}

// The keys on the way to the profile.
var linuxKeys, seccompKeys = []string{"linux"}, []string{"seccomp"}

// config reads linux.seccomp of a config.json. Nobody asked about the rest of it, so
// that only what is not JSON or there twice is refused there.
func (p *parser) config() {
	p.profile.source.prefix = "linux.seccomp"
	at, found := int(p.here())-1, false
	o := p.object(linuxKeys)
	for p.among(&o) {
		if p.null() {
			continue
		}
		at = int(p.here()) - 1
		linux := p.object(seccompKeys)
		for p.among(&linux) {
			if found = !p.null(); found {
				p.document()
			}
		}
	}
	if !found {
		p.field("linux")
		p.field("seccomp")
		p.wrong("no-seccomp", at, "the config.json has no seccomp profile: the container would run without a filter")
	}
}

// among comes to the next field that is known, and skips others without a word.
func (p *parser) among(o *object) bool {
	for p.key(o) {
		key := p.path[len(p.path)-1].key
		i, exact := find(o.names, key)
		if i < 0 {
			if !o.other.add(key) {
				p.wrong("duplicate-key", o.keyAt, "key %q is there twice", clip(key))
				return false
			}
			p.skip()
			continue
		}
		if o.seen&(1<<i) != 0 {
			p.wrong("duplicate-key", o.keyAt, "key %q is there twice", o.names[i])
			return false
		}
		o.seen |= 1 << i
		if !exact {
			p.warn("key-case", o.keyAt, "write "+strconv.Quote(o.names[i]), "key %q is read as %q", key, o.names[i])
		}
		o.field = i
		return p.err == nil
	}
	return false
}
