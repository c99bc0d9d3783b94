// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/picojson"
	"github.com/gosieve/sieve/profile"
)

// Definition is a Marathon app or pod, as far as running it under a profile needs it.
type Definition struct {
	ID         string // "/group/app"
	Pod        bool
	Instances  int
	Backoff    Backoff
	KillGrace  time.Duration // from SIGTERM to SIGKILL (taskKillGracePeriodSeconds; 3 s)
	Containers []Container   // an app has one
}

// Container is a task of a definition.
type Container struct {
	Name    string   // in its pod; empty for an app
	Command []string // a shell command is sh -c with it; empty if the image has it
	Env     map[string]string
	CPUs    float64
	Mem     float64 // in MiB
	Image   string  // empty for the agent's own files
	// Docker says that the Docker containerizer runs it, which has nothing to do with
	// the agent's profiles. It is the type of a container that does not say its own.
	Docker bool
	// Seccomp is what Marathon asks the agent for; nil if it says nothing.
	Seccomp *SeccompInfo
	// Place is where the container stands.
	Place profile.Place
}

// ParseMarathon reads an app, a pod, a group, or a list of them, and checks what
// Marathon checks of seccomp. Of an app
//
//	{"id": "/shop/web", "cmd": "exec httpd", "instances": 2,
//	 "container": {"type": "MESOS", "linuxInfo": {"seccomp": {"profileName": "web.json"}}}}
//
// Violations do not stop it: all come back, joined, each a *document.Refusal that wraps
// ErrDefinition, or profile.ErrSyntax for what is not JSON. Those about seccomp are
// Marathon's word for word. Keys that Sieve has no use for are not looked at.
func ParseMarathon(file string, doc []byte) ([]Definition, []profile.Diagnostic, error) {
	d := definitions{doc: document.NewText(file, string(doc))}
	root, message, at := picojson.Read(d.doc.Text)
	if message == "" && !json.Valid(doc) {
		message, at = "not a JSON document", 0
	}
	if message != "" {
		return nil, nil, document.Refused(profile.ErrSyntax, d.doc.Place(at, ""), message)
	}
	d.any(root, "", "/")
	if len(d.list) == 0 && len(d.errs) == 0 {
		d.refuse(root, "", "no app and no pod")
	}
	return d.list, d.diags, errors.Join(d.errs...)
}

// definitions reads a document into a list. It goes on after an error, so that all are
// reported at once.
type definitions struct {
	doc   *document.Text
	list  []Definition
	diags []profile.Diagnostic
	errs  []error
}

// refuse notes an error at a value's place; path is the value's in the document:
// apps[0].container.
func (d *definitions) refuse(v *picojson.Value, path, format string, args ...any) {
	d.errs = append(d.errs, document.Refused(ErrDefinition, d.doc.Place(v.At, path), fmt.Sprintf(format, args...)))
}

// note adds a diagnostic about something that Marathon accepts and that is not what it
// seems.
func (d *definitions) note(v *picojson.Value, path string, s profile.Severity, code profile.Code, fix, format string, args ...any) {
	d.diags = append(d.diags, profile.Diagnostic{Severity: s, Code: code, Message: fmt.Sprintf(format, args...),
		Place: d.doc.Place(v.At, path), Fix: fix})
}

// any reads whatever a definition may be: an app, a pod, a group, or a list of them.
// Marathon tells them apart by their endpoint, which a file does not have; here their
// keys tell. group is the id that relative ids are below.
func (d *definitions) any(v *picojson.Value, path, group string) {
	switch {
	case v.Kind == picojson.List:
		for i, item := range v.Items {
			d.any(item, fmt.Sprintf("%s[%d]", path, i), group)
		}
	case v.Kind != picojson.Object:
		d.refuse(v, path, "want an app, a pod, a group or a list of them")
	case has(v, "apps") || has(v, "groups") || has(v, "pods"):
		d.group(v, path, group)
	case has(v, "containers"):
		d.pod(v, path, group)
	default:
		d.app(v, path, group)
	}
}

// has says whether an object has a key with a value. null counts as missing.
func has(v *picojson.Value, key string) bool {
	return v.Fields[key] != nil && v.Fields[key].Kind != picojson.Null
}

// group reads a group's apps, pods and groups, whose ids are relative to its own.
func (d *definitions) group(v *picojson.Value, path, group string) {
	id := d.id(v, path, group)
	for _, key := range []string{"apps", "pods", "groups"} {
		members := d.get(v, path, key, picojson.List)
		if members == nil {
			continue
		}
		for i, item := range members.Items {
			d.any(item, fmt.Sprintf("%s[%d]", join(path, key), i), id)
		}
	}
}

// id is the absolute id of a definition: "web" in group "/shop" is "/shop/web". Only a
// group may have none.
func (d *definitions) id(v *picojson.Value, path, group string) string {
	id := d.text(v, path, "id")
	switch {
	case id == "" && has(v, "id"), id == "" && !has(v, "apps") && !has(v, "groups") && !has(v, "pods"):
		d.refuse(v, join(path, "id"), "no id")
	case strings.HasPrefix(id, "/"):
		return id
	}
	return strings.TrimSuffix(group, "/") + "/" + id
}

// app reads an app. The defaults are Marathon's: 1 instance, 1 CPU, 128 MiB, 3 s from
// SIGTERM to SIGKILL, and those of DefaultBackoff.
func (d *definitions) app(v *picojson.Value, path, group string) {
	def := Definition{ID: d.id(v, path, group), KillGrace: d.seconds(v, path, "taskKillGracePeriodSeconds", 3, true)}
	def.Instances = d.count(v, path, "instances", 1)
	def.Backoff = Backoff{
		Initial: d.seconds(v, path, "backoffSeconds", 1, true),
		Factor:  d.number(v, path, "backoffFactor", 1.15, 1),
		Max:     d.seconds(v, path, "maxLaunchDelaySeconds", 300, true),
	}
	c := Container{Place: d.doc.Place(v.At, path), Env: d.env(v, path, "env"),
		CPUs: d.number(v, path, "cpus", 1, 0), Mem: d.number(v, path, "mem", 128, 0)}
	c.Command = d.command(v, path, "cmd", "args")
	if box := d.get(v, path, "container", picojson.Object); box != nil {
		d.container(&c, box, join(path, "container"))
	}
	if len(c.Command) == 0 && c.Image == "" {
		d.refuse(v, path, "want one of cmd, args and container.docker.image")
	}
	def.Containers = []Container{c}
	d.list = append(d.list, def)
}

// command is a shell command or a list of words. shell and words are the keys, cmd and
// args of an app. Both at once are refused.
func (d *definitions) command(v *picojson.Value, path, shell, words string) []string {
	var command []string
	if s := d.text(v, path, shell); s != "" {
		command = []string{"/bin/sh", "-c", s}
	}
	if l := d.get(v, path, words, picojson.List); l != nil && len(l.Items) > 0 {
		if command != nil {
			d.refuse(l, join(path, words), "%s and %s exclude each other", shell, words)
		}
		command = nil
		for i, item := range l.Items {
			if item.Kind != picojson.Text {
				d.refuse(item, fmt.Sprintf("%s[%d]", join(path, words), i), "want a string")
			}
			command = append(command, item.Text)
		}
	}
	return command
}

// container reads an app's container. Without a type it is DOCKER, and Marathon then
// drops linuxInfo without a word: the container runs, and under no profile of the agent.
// That is worth a warning.
func (d *definitions) container(c *Container, v *picojson.Value, path string) {
	c.Docker = true // the default
	switch kind := d.text(v, path, "type"); kind {
	case "MESOS":
		c.Docker = false
	case "", "DOCKER":
	default:
		d.refuse(v.Fields["type"], join(path, "type"), "unknown type %q, want MESOS or DOCKER", kind)
	}
	if docker := d.get(v, path, "docker", picojson.Object); docker != nil {
		c.Image = d.text(docker, join(path, "docker"), "image")
	}
	info := d.get(v, path, "linuxInfo", picojson.Object)
	if info == nil {
		return
	}
	path = join(path, "linuxInfo")
	if c.Docker {
		d.note(info, path, profile.Warning, "marathon-docker", `add "type": "MESOS"`,
			"the container's type is DOCKER (the default): Marathon drops linuxInfo in silence, and no profile of the agent applies")
		return
	}
	c.Seccomp = d.seccomp(info, path)
}

// seccomp reads linuxInfo.seccomp of a container. The two errors are Marathon's, word for
// word. The name is not looked at: Marathon takes "" and "../x" too, and that the file exists
// is found out on the agent alone.
func (d *definitions) seccomp(info *picojson.Value, path string) *SeccompInfo {
	v := d.get(info, path, "seccomp", picojson.Object)
	if v == nil {
		return nil
	}
	path = join(path, "seccomp")
	s := &SeccompInfo{}
	if name := d.get(v, path, "profileName", picojson.Text); name != nil {
		s.ProfileName = &name.Text
	}
	if u := d.get(v, path, "unconfined", picojson.Boolean); u != nil {
		s.Unconfined = u.Truth
	}
	switch {
	case s.ProfileName != nil && s.Unconfined:
		d.refuse(v, path, "Seccomp unconfined can NOT be true when Profile is defined")
	case s.ProfileName == nil && !s.Unconfined:
		d.refuse(v, path, "Seccomp unconfined must be true when Profile is NOT defined")
	}
	return s
}

// pod reads a pod:
//
//	{"id": "/shop", "scaling": {"instances": 2}, "scheduling": {"backoff": {"backoff": 1}},
//	 "containers": [{"name": "web", "exec": {"command": {"shell": "exec httpd"}}, "linuxInfo": {}}]}
//
// The factor of its back-off may be below 1, where an app's may not, and its times need not be
// whole seconds. Seccomp is asked for by container: at the pod itself Marathon refuses it.
func (d *definitions) pod(v *picojson.Value, path, group string) {
	def := Definition{ID: d.id(v, path, group), Pod: true, Instances: 1, Backoff: DefaultBackoff(), KillGrace: 3 * time.Second}
	if info := d.get(v, path, "linuxInfo", picojson.Object); info != nil && has(info, "seccomp") {
		d.refuse(info.Fields["seccomp"], join(path, "linuxInfo.seccomp"), "Seccomp configuration on executor level is not supported")
	}
	if scaling := d.get(v, path, "scaling", picojson.Object); scaling != nil {
		def.Instances = d.count(scaling, join(path, "scaling"), "instances", 1)
	}
	if s := d.get(v, path, "scheduling", picojson.Object); s != nil {
		if b := d.get(s, join(path, "scheduling"), "backoff", picojson.Object); b != nil {
			p := join(path, "scheduling.backoff")
			def.Backoff = Backoff{Initial: d.seconds(b, p, "backoff", 1, false), Factor: d.number(b, p, "backoffFactor", 1.15, 0),
				Max: d.seconds(b, p, "maxLaunchDelay", 300, false)}
		}
	}
	shared := d.env(v, path, "environment")
	containers := d.get(v, path, "containers", picojson.List)
	if containers == nil || len(containers.Items) == 0 {
		d.refuse(v, join(path, "containers"), "a pod needs a container")
		return
	}
	for i, item := range containers.Items {
		path := fmt.Sprintf("%s[%d]", join(path, "containers"), i)
		if item.Kind != picojson.Object {
			d.refuse(item, path, "want an object")
			continue
		}
		def.Containers = append(def.Containers, d.podContainer(item, path, shared))
	}
	d.list = append(d.list, def)
}

// podContainer reads one container of a pod. shared is the pod's environment, which the
// container's own overrides. A container of a pod always is the Mesos containerizer's, so
// it has no type.
func (d *definitions) podContainer(v *picojson.Value, path string, shared map[string]string) Container {
	c := Container{Name: d.text(v, path, "name"), Place: d.doc.Place(v.At, path), Env: maps.Clone(shared)}
	if c.Name == "" {
		d.refuse(v, join(path, "name"), "no name")
	}
	for k, s := range d.env(v, path, "environment") {
		if c.Env == nil {
			c.Env = map[string]string{}
		}
		c.Env[k] = s
	}
	if exec := d.get(v, path, "exec", picojson.Object); exec != nil {
		if command := d.get(exec, join(path, "exec"), "command", picojson.Object); command != nil {
			c.Command = d.command(command, join(path, "exec.command"), "shell", "argv")
		}
	}
	if r := d.get(v, path, "resources", picojson.Object); r != nil {
		c.CPUs, c.Mem = d.number(r, join(path, "resources"), "cpus", 0, 0), d.number(r, join(path, "resources"), "mem", 0, 0)
	}
	if image := d.get(v, path, "image", picojson.Object); image != nil {
		c.Image = d.text(image, join(path, "image"), "id")
	}
	if info := d.get(v, path, "linuxInfo", picojson.Object); info != nil {
		c.Seccomp = d.seccomp(info, join(path, "linuxInfo"))
	}
	if len(c.Command) == 0 && c.Image == "" {
		d.refuse(v, path, "want one of exec.command and image")
	}
	return c
}

// env reads variables. A secret is an object, whose value only the cluster knows: it is
// left out, with a note.
func (d *definitions) env(v *picojson.Value, path, key string) map[string]string {
	vars := d.get(v, path, key, picojson.Object)
	if vars == nil {
		return nil
	}
	env := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(vars.Fields)) {
		if s := vars.Fields[name]; s.Kind == picojson.Text {
			env[name] = s.Text
		} else {
			d.note(s, join(join(path, key), name), profile.Info, "marathon-not-read", "", "%s is no string: it is left out", name)
		}
	}
	return env
}

// get is a field of a kind. It is nil if the field is missing or null, and if it has
// another kind, which is refused.
func (d *definitions) get(v *picojson.Value, path, key string, want picojson.Kind) *picojson.Value {
	f := v.Fields[key]
	if f == nil || f.Kind == picojson.Null {
		return nil
	}
	if f.Kind != want {
		d.refuse(f, join(path, key), "want %s", kindNames[want])
		return nil
	}
	return f
}

var kindNames = [...]string{picojson.Null: "null", picojson.Boolean: "true or false", picojson.Number: "a number", picojson.Text: "a string", picojson.List: "a list", picojson.Object: "an object"}

// text is a string field; empty if it is missing.
func (d *definitions) text(v *picojson.Value, path, key string) string {
	if f := d.get(v, path, key, picojson.Text); f != nil {
		return f.Text
	}
	return ""
}

// number is a number that is not below least; without is the value for a missing field.
func (d *definitions) number(v *picojson.Value, path, key string, without, least float64) float64 {
	f := d.get(v, path, key, picojson.Number)
	if f == nil {
		return without
	}
	n := f.Num.Float64()
	if n < least {
		d.refuse(f, join(path, key), "%v is too small, want at least %v", n, least)
		return without
	}
	return n
}

// largestSeconds keeps times far from what a time.Duration holds: about 31 years.
const largestSeconds = 1e9

// seconds reads a time in seconds, which an app gives as a whole number and a pod as any.
// A time that is too long is cut to largestSeconds.
func (d *definitions) seconds(v *picojson.Value, path, key string, without float64, whole bool) time.Duration {
	n := d.number(v, path, key, without, 0)
	if f := v.Fields[key]; whole && f != nil && f.Kind == picojson.Number && !f.Num.Whole {
		d.refuse(f, join(path, key), "want whole seconds")
	}
	return time.Duration(min(n, largestSeconds) * float64(time.Second))
}

// count reads a number of instances. Each becomes a slot in memory, so there is a bound:
// 2^20, far more than one machine runs.
func (d *definitions) count(v *picojson.Value, path, key string, without int) int {
	f := d.get(v, path, key, picojson.Number)
	if f == nil {
		return without
	}
	if !f.Num.Whole || f.Num.Int < 0 || f.Num.Int > 1<<20 {
		d.refuse(f, join(path, key), "want a whole number from 0 to %d", 1<<20)
		return without
	}
	return int(f.Num.Int)
}

// join is the path of a field in its object.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
