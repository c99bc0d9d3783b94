// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
)

// FuzzParse: any bytes, in any dialect, are refused with a reason or make a document, in
// memory and time that the size of the text bounds; what resolves is a valid policy.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SIEVE_SHARED"), "data/profiles/*/*"))
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		if text, err := os.ReadFile(file); err == nil {
			for i, n := range Names() {
				if string(n) == folder || n == profile.Podman && folder == "containers-common" || n == profile.OCI && folder == "k8s" || n == profile.Docker && folder == "malformed" {
					f.Add(uint8(i), text)
				}
			}
		}
	}
	for i, n := range Names() {
		for _, doc := range hostile(n, 64) {
			f.Add(uint8(i), []byte(doc))
		}
	}
	f.Fuzz(func(t *testing.T, name uint8, text []byte) {
		n := Names()[int(name)%len(Names())]
		d, err := bounded(t, n, text, 4)
		if err != nil {
			refusedWell(t, n, err)
			return
		}
		policy, _, err := d.Resolve(amd64())
		if err != nil {
			refusedWell(t, n, err)
			return
		}
		require.NoError(t, policy.Validate())
	})
}

// refusedWell holds that an error is the dialect's, and not one of a package below.
func refusedWell(t *testing.T, n profile.Dialect, err error) {
	var own *profile.Error
	require.ErrorAs(t, err, &own, n)
	require.NotEmpty(t, own.Message)
	require.NotEmpty(t, meaningOf(own.Code), own.Code)
}

// perByte is how much memory a byte of a document may ask for, in bytes: that of a
// condition of two characters in minijail, of a node in YAML.
var perByte = map[profile.Dialect]int{profile.Docker: 64, profile.Podman: 64, profile.OCI: 64, profile.Firecracker: 64, profile.Mesos: 128, profile.Systemd: 128, profile.SPO: 192, profile.Minijail: 400}

// bounded parses a text, in so many times the memory that its size bounds, beside a
// megabyte, and in half a minute, which no machine is too busy for: the slowest takes
// a fiftieth of a second. What is measured is the memory that the whole process takes, the
// fuzzer's own included, so that a text is parsed again where it seems to have taken too
// much: the least of three counts.
func bounded(t *testing.T, n profile.Dialect, text []byte, slack int) (*Document, error) {
	most := uint64(1<<20 + slack*perByte[n]*len(text))
	begun := time.Now()
	used, d, err := allocated(n, text)
	took := time.Since(begun)
	for try := 0; used > most && try < 2; try++ {
		again, _, _ := allocated(n, text)
		used = min(used, again)
	}
	assert.LessOrEqual(t, used, most, "%s: memory for %d bytes", n, len(text))
	assert.LessOrEqual(t, took, 30*time.Second, "%s: time for %d bytes", n, len(text))
	return d, err
}

// allocated parses a text, and says how much memory the process has taken meanwhile.
func allocated(n profile.Dialect, text []byte) (uint64, *Document, error) {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	d, err := Parse(text, profile.In(n), profile.File("f"))
	metrics.Read(sample)
	return sample[0].Value.Uint64() - before, d, err
}

// hostile are documents of a dialect that ask for much with little, about n times.
func hostile(name profile.Dialect, n int) []string {
	repeat := func(before, each, after string) string {
		return before + strings.TrimSuffix(strings.Repeat(each, n), ",") + after
	}
	deep := strings.Repeat("[", n) + strings.Repeat("]", n)
	json := []string{
		`{"defaultAction": ` + deep + `}`, strings.Repeat(`{"a":`, n), repeat(`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [`, "{},", "]}"),
		repeat(`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [], "syscalls": [{"includes": {}, "excludes": {}, "names": [`, `"a",`, `], "action": "SCMP_ACT_LOG", "args": []}]}`),
		repeat(`{`, `"\u00e9":1,`, `}`), repeat(`{"defaultAction": "`, `\u0041`, `"}`), repeat(`{"x": `, `9`, `}`),
	}
	switch name {
	case profile.Docker, profile.Podman, profile.OCI, profile.Mesos:
		return json
	case profile.Firecracker:
		return append(json, repeat(`{"a": {"default_action": "trap", "filter_action": "allow", "filter": [`, `{"syscall": "a"},`, `]}}`),
			repeat(`{`, `"a": {"default_action": "trap", "filter_action": "allow", "filter": []},`, `}`))
	case profile.SPO:
		return append(json, "kind: SeccompProfile\nspec: "+deep, repeat("a: &a [x]\nb: &b [*a,", "*a,", "]\nc: [*b, *b, *b]"), "a: &a [*a]", "a: &a\n  <<: *a",
			strings.Repeat("---\nkind: SeccompProfile\n", n), strings.Repeat("- ", n), strings.Repeat("? ", n), repeat("kind: '", "'", ""))
	case profile.Systemd:
		return []string{strings.Repeat("SystemCallFilter=@known\n", n), strings.Repeat("SystemCallFilter=~@known \\\n", n), strings.Repeat("@known ", n), strings.Repeat("[Service]\n", n),
			"[Service]\n" + strings.Repeat("\\\n", n), "[Service]\nSystemCallFilter=" + strings.Repeat("~", n), "[Service]\nSystemCallErrorNumber=" + strings.Repeat("9", n)}
	case profile.Minijail:
		return []string{strings.Repeat("read: 1\n", n), "read: " + strings.Repeat("arg0 == 1 || ", n) + "1", "read: arg0 == " + strings.Repeat("(", n), "read: arg0 == " + strings.Repeat("~", n) + "1",
			"read: arg0 == " + strings.Repeat("1|", n) + "1", strings.Repeat("\\\n", n), "{" + strings.Repeat("read,", n) + "read}: 1", "read: {" + strings.Repeat("1,", n) + "1}",
			strings.Repeat("@include ./f\n", n), "read: arg0 in " + strings.Repeat("9", n)}
	}
	panic("dialect: no hostile documents of " + string(name))
}

// TestHostile: documents that ask for much with little cost no more than their size, in
// every dialect.
func TestHostile(t *testing.T) {
	for _, n := range Names() {
		for i, doc := range hostile(n, 20_000) {
			_, err := bounded(t, n, []byte(doc), 1)
			if err != nil {
				refusedWell(t, n, err)
			}
			if t.Failed() {
				t.Fatalf("%s %d: %.100s", n, i, doc)
			}
		}
	}
}
