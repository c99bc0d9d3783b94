// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
)

const (
	group = "security-profiles-operator.x-k8s.io"
	kind  = "SeccompProfile"
)

// Parse reads a file with one profile, of YAML or JSON. Objects of other kinds beside
// it are not looked at. A file may have a profile and those that it is based on: then
// it is united with them. One that has several otherwise is an error; All reads those.
//
// A profile with a base that the file does not have is read; Resolve refuses it, and
// Profile.Unite takes the base from elsewhere.
//
// The file may have 3 MiB, which is what the API server takes, and about 130,000
// values. Every error is a *profile.Error with the place, and wraps profile.ErrSyntax,
// profile.ErrProfile or profile.ErrLimit. Refused is what the API server refuses (a
// wrong type, a number out of range, a field that is missing), what profile.Parse
// refuses, keys that are there twice and merge keys.
func Parse(doc []byte, opts ...profile.ParseOption) (*Profile, error) {
	list, err := All(doc, opts...)
	if err != nil || len(list) == 1 {
		return append(list, nil)[0], err
	}
	roots := slices.DeleteFunc(slices.Clone(list), func(p *Profile) bool {
		return slices.ContainsFunc(list, func(q *Profile) bool { return q.Base != "" && q.Base == p.Name })
	})
	if len(roots) != 1 {
		names := make([]string, len(list))
		for i, p := range list {
			names[i] = p.Name
		}
		p := list[1]
		return nil, document.Fail(profile.ErrProfile, several, p.at("spec"),
			"the file has %d profiles (%s), want one", len(list), clip(strings.Join(names, ", ")))
	}
	if p, err := roots[0].Unite(among(list...)); err == nil || !isMissing(err) {
		return p, err
	}
	return roots[0], nil
}

// All reads all profiles of a file, one at least, in its order, and unites none with
// its base.
func All(doc []byte, opts ...profile.ParseOption) ([]*Profile, error) {
	o := options.Of(opts...)
	d := &manifest{file: o.File, strict: o.Strict, depth: o.Depth}
	var list []*Profile
	var others []item
	for _, root := range d.read(doc, o.Size) {
		d.collect(root, "", &list, &others)
	}
	if d.err == nil && len(list) == 0 {
		if len(others) == 0 {
			d.wrong(kindCode, item{}, "", "no object, want one of kind %s", kind)
		} else {
			d.refuse(others[0])
		}
	}
	if d.err != nil {
		return nil, d.err
	}
	for _, at := range others {
		list[0].note(d, profile.Info, otherKind, at, "", "", "an object of kind %s is not looked at", kindName(at))
	}
	return list, nil
}

// collect reads the profiles in an object: the object itself, or the items of a List, as
// kubectl writes several. Objects of other kinds are kept for a note. A list in a list is
// refused.
//
//	kind: List
//	items:
//	- kind: SeccompProfile
func (d *manifest) collect(root item, path string, list *[]*Profile, others *[]item) {
	if d.err != nil || !d.visit(root, path) {
		return
	}
	if root.node.Kind != yaml.MappingNode {
		d.wrong("wrong-type", root, path, "got %s, want an object of kind %s", kindOf(root.node), kind)
		return
	}
	switch name := kindName(root); name {
	case kind:
		d.warnings = nil
		if p := d.profile(root, path); d.err == nil {
			*list = append(*list, p)
		}
	case "List", kind + "List":
		for i, at := range d.list(field(root, "items"), join(path, "items")) {
			if kindName(at) == name {
				d.wrong(kindCode, at, path, "a %s in a %s", name, name)
			}
			d.collect(at, fmt.Sprintf("%s[%d]", join(path, "items"), i), list, others)
		}
	default:
		*others = append(*others, root)
	}
}

// kindName is an object's kind, empty if it has none.
func kindName(at item) string {
	if at.node == nil {
		return ""
	}
	if k := field(at, "kind"); k.node != nil && k.node.Kind == yaml.ScalarNode {
		return clip(k.node.Value)
	}
	return ""
}

// refuse says what the first object is, if a file has no profile: people hand in the pod
// that uses a profile, the recording that makes one, or a ConfigMap with Docker's JSON.
func (d *manifest) refuse(at item) {
	where := field(at, "kind")
	if where.node == nil {
		where = at
	}
	switch name := kindName(at); name {
	case "":
		if field(at, "defaultAction").node != nil {
			d.wrong(kindCode, at, "kind", "no kind, want %s: this looks like a docker, podman or oci document", kind)
			return
		}
		d.wrong(kindCode, at, "kind", "no kind, want %s", kind)
	case "ProfileRecording":
		d.wrong(kindCode, where, "kind", "a %s asks for a profile to be recorded, and has none: want kind %s", name, kind)
	case "ConfigMap":
		if data := field(at, "data"); data.node != nil && data.node.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(data.node.Content); i += 2 {
				key, value := data.node.Content[i], data.node.Content[i+1]
				if strings.HasPrefix(strings.TrimSpace(value.Value), "{") && strings.Contains(value.Value, `"defaultAction"`) {
					d.wrong(kindCode, item{key, key}, "data."+clip(key.Value), "a ConfigMap whose %q holds a docker, podman or oci document: extract it", clip(key.Value))
					return
				}
			}
		}
		d.wrong(kindCode, where, "kind", "kind %s, want %s", name, kind)
	case "Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob":
		d.wrong(kindCode, where, "kind", "a %s names a profile at most, in securityContext.seccompProfile, and has none: want kind %s", name, kind)
	default:
		d.wrong(kindCode, where, "kind", "kind %s, want %s", name, kind)
	}
}

// note adds a diagnostic to a profile that was read before.
func (p *Profile) note(d *manifest, s profile.Severity, code profile.Code, at item, path, fix, format string, args ...any) {
	d.warnings = p.Seccomp.Warnings
	d.say(s, code, at, path, fix, format, args...)
	p.Seccomp.Warnings = d.warnings
}

// profile reads an object of kind SeccompProfile:
//
//	apiVersion: security-profiles-operator.x-k8s.io/v1
//	kind: SeccompProfile
//	metadata: {name: web}
//	spec: {...}
//
// The version behind the slash is not looked at, since v1 and v1beta1 are read alike. Nor is
// the status, which the operator writes.
func (d *manifest) profile(root item, prefix string) *Profile {
	p := &Profile{doc: d, Seccomp: &profile.Profile{Dialect: profile.OCI}}
	if !d.object(root, prefix, "apiVersion", "kind", "metadata", "spec", "status") {
		return nil
	}
	at := field(root, "apiVersion")
	version := d.string(at, join(prefix, "apiVersion"))
	if g, _, _ := strings.Cut(version, "/"); g != group && d.err == nil {
		d.wrong(kindCode, orElse(at, root), join(prefix, "apiVersion"), "kind %s of API %q, want %s/v1", kind, clip(version), group)
	}
	if meta := field(root, "metadata"); !null(meta) && d.err == nil {
		if meta.node.Kind != yaml.MappingNode {
			d.wrong("wrong-type", meta, join(prefix, "metadata"), "got %s, want an object", kindOf(meta.node))
			return nil
		}
		p.Name = d.string(field(meta, "name"), join(prefix, "metadata.name"))
	}
	p.spec = field(root, "spec")
	if null(p.spec) {
		d.wrong(required, root, join(prefix, "spec"), "no spec")
		return nil
	}
	if d.err == nil {
		d.spec(p)
	}
	return p
}

// orElse is an item, or another if it is not there.
func orElse(at, other item) item {
	if at.node == nil {
		return other
	}
	return at
}

// specKeys are those of API v1 and v1beta1; disabled is the latter's.
var specKeys = []string{"architectures", "baseProfileName", "defaultAction", "disabled", "flags", "listenerMetadata",
	"listenerPath", "state", "syscalls"}

// listeners are the paths that the schema allows for listenerPath (the pattern in API v1).
var listeners = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^/var/run/security-profiles-operator/[a-zA-Z0-9_\-.]+$`)
})

// spec reads the spec into a profile of the oci dialect, and then validates it as such:
//
//	defaultAction: SCMP_ACT_ERRNO
//	baseProfileName: runc-v1.4.2
//	architectures: [SCMP_ARCH_X86_64]
//	syscalls:
//	- action: SCMP_ACT_ALLOW
//	  names: [read, write]
func (d *manifest) spec(p *Profile) {
	if !d.object(p.spec, "spec", specKeys...) {
		return
	}
	s := p.Seccomp
	get := func(key string) (item, string) { return field(p.spec, key), "spec." + key }
	at, path := get("baseProfileName")
	p.Base = d.string(at, path)
	d.require(p.spec, "spec", "defaultAction")
	at, path = get("defaultAction")
	s.DefaultAction = d.string(at, path)
	d.state(p)
	at, path = get("listenerPath")
	if s.ListenerPath = d.string(at, path); s.ListenerPath != "" && !listeners().MatchString(s.ListenerPath) {
		d.warn(listenerPath, at, path, "write /var/run/security-profiles-operator/NAME",
			"the API server refuses the path %q, want /var/run/security-profiles-operator/NAME", clip(s.ListenerPath))
	}
	at, path = get("listenerMetadata")
	s.ListenerMetadata = d.string(at, path)
	at, path = get("flags")
	if s.Flags = d.strings(at, path); s.Flags != nil && len(s.Flags) == 0 {
		s.Flags = nil
		d.warn(emptyFlags, at, path, "remove it", "the operator loses an empty list of flags, and runc (since 1.2) asks for SPEC_ALLOW then")
	}
	d.arches(p)
	at, path = get("syscalls")
	for i, at := range d.list(at, path) {
		path := fmt.Sprintf("%s[%d]", path, i)
		if r := d.rule(at, path); d.err == nil {
			s.Syscalls = append(s.Syscalls, r)
			p.rules = append(p.rules, origin{p: p, index: i})
		}
	}
	s.Warnings = d.warnings
	s.Locate(p.locate)
	if d.err == nil {
		if err := s.Validate(); err != nil {
			d.err = err.(*profile.Error)
		}
	}
}

// state reads whether the operator installs the profile: state in API v1, and the boolean
// disabled in v1beta1.
func (d *manifest) state(p *Profile) {
	at := field(p.spec, "state")
	switch state := d.string(at, "spec.state"); state {
	case "", "Enabled":
	case "Disabled":
		p.Disabled = true
	default:
		d.wrong("wrong-type", at, "spec.state", "unknown state %q, want Enabled or Disabled", clip(state))
	}
	if off := field(p.spec, "disabled"); d.bool(off, "spec.disabled") {
		p.Disabled, at = true, off
	}
	if p.Disabled {
		d.warn(disabled, at, "spec.state", "", "the profile is disabled: the operator does not install it, and what refers to it does not start")
	}
}

// native is in the schema's enum, and no runtime takes it: runc and crun refuse the profile.
// The machine's own ABI is filtered without it, so it is left out with a warning.
const native = "SCMP_ARCH_NATIVE"

// arches reads the architectures. The API server refuses others than its schema has, among
// them SCMP_ARCH_LOONGARCH64, which runc knows.
func (d *manifest) arches(p *Profile) {
	at, path := field(p.spec, "architectures"), "spec.architectures"
	items := d.list(at, path)
	for i, token := range d.strings(at, path) {
		at, path := items[i], fmt.Sprintf("%s[%d]", path, i)
		switch {
		case token == native:
			d.warn(nativeArch, at, path, "remove it", "runc and crun refuse %s; the machine's own architecture is filtered without it", native)
			continue
		case !slices.Contains(archTokens, token):
			d.wrong("unknown-arch", at, path, "unknown architecture %q, want %s%s", clip(token), strings.Join(archTokens, ", "), nearArch(token))
			return
		}
		p.Seccomp.Architectures = append(p.Seccomp.Architectures, token)
	}
}

// nearArch is the end of an error about an architecture: another spelling of one, or the
// nearest. It is empty where none is near.
func nearArch(token string) string {
	near := wording.Nearest(token, archTokens)
	if a, ok := wording.Arch(token); ok {
		near = a.Token()
	}
	if !slices.Contains(archTokens, near) {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}

// archTokens are those of the schema, but for native.
var archTokens = []string{"SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64",
	"SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32",
	"SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC",
	"SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64"}

// mostArgs is how many conditions the schema allows for one rule (maxItems).
const mostArgs = 6

// rule reads one rule:
//
//	syscalls:
//	- action: SCMP_ACT_ERRNO
//	  names: [personality]
//	  errnoRet: 38
//	  args: [{index: 0, value: 8, op: SCMP_CMP_NE}]
//
// Numbers are those of the schema's types: errnoRet is an int32. The operator does not tell
// errnoRet 0 from none: it writes no number for the runtime, which then takes EPERM.
func (d *manifest) rule(at item, path string) profile.Rule {
	var r profile.Rule
	if null(at) {
		d.wrong("wrong-type", at, path, "got null, want an object")
	}
	if d.err != nil || !d.object(at, path, "names", "action", "errnoRet", "args") {
		return r
	}
	d.require(at, path, "names", "action")
	r.Names = d.strings(field(at, "names"), path+".names")
	r.Action = d.string(field(at, "action"), path+".action")
	if no := field(at, "errnoRet"); !null(no) {
		n := uint32(d.uint(no, path+".errnoRet", math.MaxInt32))
		if r.ErrnoRet = &n; n == 0 && d.err == nil {
			r.ErrnoRet = nil
			d.warn(errnoZero, no, path+".errnoRet", "", "the operator loses errnoRet 0: the call gets EPERM")
		}
	}
	args := field(at, "args")
	items := d.list(args, path+".args")
	if len(items) > mostArgs {
		d.wrong(tooMany, args, path+".args", "%d conditions, which the API server refuses: want %d at most", len(items), mostArgs)
	}
	for j, at := range items {
		if d.err != nil {
			break
		}
		r.Args = append(r.Args, d.arg(at, path+".args["+strconv.Itoa(j)+"]"))
	}
	return r
}

// arg reads one condition. The values are int64 in the schema, so that those above 2^63-1
// cannot be written, and a missing one is 0.
func (d *manifest) arg(at item, path string) profile.Arg {
	var a profile.Arg
	if null(at) {
		d.wrong("wrong-type", at, path, "got null, want an object")
	}
	if d.err != nil || !d.object(at, path, "index", "op", "value", "valueTwo") {
		return a
	}
	d.require(at, path, "index", "op")
	a.Index = uint32(d.uint(field(at, "index"), path+".index", math.MaxInt32))
	a.Op = d.string(field(at, "op"), path+".op")
	a.Value = d.uint(field(at, "value"), path+".value", math.MaxInt64)
	a.ValueTwo = d.uint(field(at, "valueTwo"), path+".valueTwo", math.MaxInt64)
	return a
}

// require refuses an object without a field that the schema wants.
func (d *manifest) require(at item, path string, keys ...string) {
	for _, key := range keys {
		if !null(field(at, key)) {
			continue
		}
		if k := misspelt(at, key); k != nil {
			d.wrong(required, item{k, k}, path+"."+key, "no %s, which the API server wants; %q is no key, did you mean %q?", key, clip(k.Value), key)
			continue
		}
		d.wrong(required, at, path+"."+key, "no %s, which the API server wants", key)
	}
}

// misspelt is the key of an object that was probably meant to be another one, which it has not;
// nil if there is none. The warning about it alone would not be seen.
func misspelt(at item, wanted string) *yaml.Node {
	if at.node == nil || at.node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(at.node.Content); i += 2 {
		if k := at.node.Content[i]; wording.Nearest(k.Value, []string{wanted}) == wanted {
			return k
		}
	}
	return nil
}
