// SPDX-License-Identifier: Apache-2.0

//go:build seccomp

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	moby "github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
	scmp "github.com/seccomp/libseccomp-golang"
	podman "go.podman.io/common/pkg/seccomp"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bench/peer"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestCorpus holds the profiles that people use against what their own tool and
// runc with libseccomp make of them: moby's loader for docker, containers/common's
// for podman, none for oci. All boundary points are asked. Where decisions differ,
// the document must have a diagnostic that says so, and the list of all such
// places is golden.
//
// Names that the installed libseccomp lacks are taken out of both: it skips them,
// which moves runc's ENOSYS border too.
func TestCorpus(t *testing.T) {
	list := corpus(t)
	var got []string
	compared := 0
	for _, d := range list {
		lines, ok := d.compare(t)
		got = append(got, lines...)
		if ok {
			compared++
		}
	}
	if compared < 30 {
		t.Errorf("only %d of %d documents were compared", compared, len(list))
	}
	golden(t, "testdata/corpus.txt", strings.Join(got, "\n")+"\n")
}

// corpusDocument is a file and who reads it.
type corpusDocument struct {
	name    string
	dialect profile.Dialect
	text    []byte
}

func corpus(t *testing.T) []corpusDocument {
	var list []corpusDocument
	for _, folder := range []struct {
		pattern string
		dialect profile.Dialect
	}{
		{"docker/*.json", profile.Docker},
		{"containers-common/*.json", profile.Podman},
		{"oci/*.json", profile.OCI},
		{"k8s/*.json", profile.OCI},
	} {
		for _, file := range shared.Glob(t, "data/profiles/"+folder.pattern) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, corpusDocument{filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file), folder.dialect, text})
		}
	}
	return list
}

// load is the document as the tool's own loader gives it to runc.
func (d corpusDocument) load() (*specs.LinuxSeccomp, error) {
	spec := specWith(dockerCaps)
	switch d.dialect {
	case profile.Docker:
		return moby.LoadProfile(string(d.text), spec)
	case profile.Podman:
		return podman.LoadProfileFromBytes(d.text, spec)
	}
	var whole struct {
		specs.LinuxSeccomp
		Linux *struct{ Seccomp *specs.LinuxSeccomp }
	}
	err := json.Unmarshal(d.text, &whole)
	if whole.Linux != nil {
		return whole.Linux.Seccomp, err
	}
	return &whole.LinuxSeccomp, err
}

// compare says what differs, one line a reason, and whether there were two
// programs to compare.
func (d corpusDocument) compare(t *testing.T) ([]string, bool) {
	doc, err := d.load()
	if err != nil {
		return []string{fmt.Sprintf("%s: the tool refuses: %v", d.name, err)}, false
	}
	theirs, err := runcProgram(known(doc))
	if err != nil {
		return []string{fmt.Sprintf("%s: runc refuses: %v", d.name, err)}, false
	}
	p, err := profile.Parse(d.text, profile.In(d.dialect), profile.File(d.name))
	if err != nil {
		return []string{fmt.Sprintf("%s: Sieve refuses: %v", d.name, err)}, false
	}
	host, err := profile.Host()
	if err != nil {
		t.Fatal(err)
	}
	host.Caps = dockerCaps
	for i := range p.Syscalls {
		p.Syscalls[i].Names = knownNames(p.Syscalls[i].Names)
	}
	policy, diags, err := p.Resolve(host)
	if err != nil {
		return []string{fmt.Sprintf("%s: Sieve refuses: %v", d.name, err)}, false
	}
	own, err := proof.Compile(policy)
	if err != nil {
		t.Fatalf("%s: %v", d.name, err)
	}
	reported := map[profile.Code]bool{"skipped-number": true, "ipc-version": true} // which are reported of no document
	for _, diag := range diags {
		if codes.Of(diag.Code).Deviates {
			reported[diag.Code] = true
		}
	}
	places := map[profile.Code]map[string]bool{}
	points(policy, func(c *seccomp.Call) {
		a, b := own.Run(c), theirs.Run(c)
		if a == b {
			return
		}
		code := reason(c, reported)
		if code == "" && beyond(c, doc) {
			code = "libseccomp-tables"
		}
		if code == "" {
			t.Errorf("%s: %+v: Sieve %v, runc %v, and no diagnostic says so", d.name, *c, a, b)
		}
		if places[code] == nil {
			places[code] = map[string]bool{}
		}
		places[code][where(c)] = true
	})
	if len(places) == 0 {
		return []string{d.name + ": equal"}, true
	}
	var lines []string
	for _, code := range slices.Sorted(maps.Keys(places)) {
		calls := slices.Sorted(maps.Keys(places[code]))
		lines = append(lines, fmt.Sprintf("%s: %s: %s", d.name, code, strings.Join(calls, ", ")))
	}
	return lines, true
}

// reason is the code that a difference falls under, of those that the document has.
func reason(c *seccomp.Call, has map[profile.Code]bool) profile.Code {
	abi, _ := arch.Of(c.Audit, c.Nr)
	name, _ := abi.Name(c.Nr)
	candidates := []profile.Code{"libseccomp-order"}
	switch {
	case c.Nr == 0xffffffff:
		candidates = []profile.Code{"skipped-number"}
	case name == "socketcall" || name == "ipc":
		candidates = []profile.Code{"multiplexer-conditions", "multiplexer-default"}
		if name == "ipc" && c.Args[0]&0xffff0000 != 0 {
			candidates = append(candidates, "ipc-version")
		}
	case abi.Bits() == 32:
		candidates = append(candidates, "constant-too-wide")
	}
	for _, code := range candidates {
		if has[code] {
			return code
		}
	}
	return ""
}

// beyond says whether the installed libseccomp has another number for the call on
// its ABI, or none, or whether the number lies above all that it has of the
// document: there runc's ENOSYS begins.
func beyond(c *seccomp.Call, doc *specs.LinuxSeccomp) bool {
	abi, _ := arch.Of(c.Audit, c.Nr)
	theirs := scmpArches()[abi]
	if name, ok := abi.Name(c.Nr); ok {
		if nr, err := scmp.GetSyscallFromNameByArch(name, theirs); err != nil || uint32(nr) != c.Nr {
			return true
		}
	}
	for _, rule := range doc.Syscalls {
		for _, name := range rule.Names {
			if nr, err := scmp.GetSyscallFromNameByArch(name, theirs); err == nil && nr > 0 && uint32(nr) >= c.Nr {
				return false
			}
		}
	}
	return true
}

// where is the ABI and name of a call.
func where(c *seccomp.Call) string {
	abi, _ := arch.Of(c.Audit, c.Nr)
	if name, ok := abi.Name(c.Nr); ok {
		return abi.String() + " " + name
	}
	return fmt.Sprintf("%v %#x", abi, c.Nr)
}

// known is the document without the names that the installed libseccomp lacks.
func known(doc *specs.LinuxSeccomp) *specs.LinuxSeccomp {
	if doc == nil {
		return nil
	}
	out := *doc
	out.Syscalls = slices.Clone(doc.Syscalls)
	for i := range out.Syscalls {
		out.Syscalls[i].Names = knownNames(out.Syscalls[i].Names)
	}
	return &out
}

func knownNames(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := scmp.GetSyscallFromName(name)
		return err != nil
	})
}

func runcProgram(doc *specs.LinuxSeccomp) (seccomp.Filter, error) {
	for _, p := range peer.All() {
		if p.Name == "runc" {
			compile, err := fromPeer(p).prepare(&workload{spec: doc})
			if err != nil {
				return nil, err
			}
			return compile()
		}
	}
	return nil, fmt.Errorf("no runc: build with -tags seccomp")
}

// golden holds text to a file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs: run the test with -update and read the difference\n%s", file, got)
	}
}
