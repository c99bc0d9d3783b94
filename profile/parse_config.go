// SPDX-License-Identifier: Apache-2.0

package profile

// isConfig says whether the object that comes next is a config.json: whichever
// comes first decides, a key of one or of a profile. What is wrong on the way
// there is left to be found by who reads it.
//
// It reads ahead and leaves the parser where it is. A profile has no key ociVersion or
// linux, and a config.json none of a profile's at its top.
func (p *parser) isConfig() bool {
	ahead := p.Ahead()
	o := ahead.Object("an object")
	for ahead.Key(&o) {
		if i, _ := find(profileKeys, o.Key); i >= 0 {
			return false
		}
		if i, _ := find(configKeys, o.Key); i >= 0 {
			return true
		}
		ahead.Skip()
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
//
// Paths in diagnostics begin with linux.seccomp, so that they can be found in the file. A
// config.json without a profile is refused: a runtime starts the container without a
// filter then.
func (p *parser) config() {
	p.profile.source.prefix = "linux.seccomp"
	at, found := int(p.here())-1, false
	o := p.object(linuxKeys)
	for p.among(&o) {
		if p.ReadNull() {
			continue
		}
		at = int(p.here()) - 1
		linux := p.object(seccompKeys)
		for p.among(&linux) {
			if found = !p.ReadNull(); found {
				p.document()
			}
		}
	}
	if !found {
		p.Enter("linux")
		p.Enter("seccomp")
		p.wrong("no-seccomp", at, "the config.json has no seccomp profile: the container would run without a filter")
	}
}
