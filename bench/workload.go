// SPDX-License-Identifier: Apache-2.0

package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/opencontainers/runtime-spec/specs-go"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// data are the workloads and the traces. Workloads are OCI documents:
//
//	W1  Docker's default, resolved for x86_64 with Docker's capabilities
//	W2  an allow-list of 356 calls
//	W3  a deny-list of 46
//	W4  argument lists as a virtual machine monitor has them
//	W5  the rules of gVisor's sentry
//
// and W1m to W4m are the same for x86_64, x86 and x32. Traces are recorded
// calls: how often each was made, and samples of its arguments.
//
//go:embed testdata/workloads/*.json testdata/traces/*.json
var data embed.FS

// workload is a document in the forms that its compilers want.
type workload struct {
	name   string // "W1"
	title  string // "W1-docker"
	doc    []byte
	spec   *specs.LinuxSeccomp
	policy *seccomp.Policy // without any ENOSYS rule
	runc   *seccomp.Policy // with those that runc has
}

// workloads reads the named ones, all if there are no names.
func workloads(names []string) ([]*workload, error) {
	files, err := fs.Glob(data, "testdata/workloads/*.json")
	if err != nil {
		return nil, err
	}
	byName := map[string]*workload{}
	var list []*workload
	for _, f := range files {
		w, err := newWorkload(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		byName[w.name] = w
		list = append(list, w)
	}
	if len(names) == 0 {
		return list, nil
	}
	list = list[:0]
	for _, name := range names {
		w, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("unknown workload %q", name)
		}
		list = append(list, w)
	}
	return list, nil
}

func newWorkload(file string) (*workload, error) {
	w := &workload{title: strings.TrimSuffix(path.Base(file), ".json")}
	w.name, _, _ = strings.Cut(w.title, "-")
	var err error
	if w.doc, err = data.ReadFile(file); err != nil {
		return nil, err
	}
	return w, w.read()
}

// read makes the other forms of the document.
func (w *workload) read() error {
	err := json.Unmarshal(w.doc, &w.spec)
	if err != nil {
		return err
	}
	if w.policy, err = resolve(w.doc, profile.ENOSYSOff); err != nil {
		return err
	}
	w.runc, err = resolve(w.doc, profile.ENOSYSRunc)
	return err
}

// meant is the policy that a compiler with or without runc's ENOSYS rules
// should follow.
func (w *workload) meant(enosys bool) *seccomp.Policy {
	if enosys {
		return w.runc
	}
	return w.policy
}
