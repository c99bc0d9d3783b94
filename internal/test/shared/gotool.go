// SPDX-License-Identifier: Apache-2.0

package shared

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// goLacks is what the go command says where a machine, and not the tree, is at fault:
// there is no place for its cache, or a module that is not there cannot be fetched.
var goLacks = regexp.MustCompile(`build cache|module cache|GOCACHE|GOMODCACHE|GOPROXY=off|lookup disabled|dial tcp|no such host|i/o timeout|TLS handshake`)

// goPatience is how long the go command may take. One that hangs is killed.
const goPatience = 5 * time.Minute

// Go runs the go command in a folder, with additions to the environment, and returns
// what it prints. Where it cannot work the test is skipped, but fails if CI is set.
func Go(t testing.TB, dir string, env []string, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), goPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.Output()
	if err == nil {
		return out
	}
	said := append([]byte(nil), out...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		said = append(said, exit.Stderr...)
	}
	lacks := errors.Is(err, exec.ErrNotFound) || goLacks.Match(said)
	if lacks && os.Getenv("CI") == "" {
		t.Skipf("the go command cannot work here: %v: %s", err, strings.Join(strings.Fields(string(said)), " "))
	}
	t.Fatalf("go %q: %v\n%s", args, err, said)
	return nil
}

// Module is where the go command keeps the version of a module that the go.mod above a
// folder names; "" is the folder of the test.
func Module(t testing.TB, folder, module string) string {
	t.Helper()
	var m struct{ Dir string }
	if err := json.Unmarshal(Go(t, folder, nil, "mod", "download", "-json", module), &m); err != nil {
		t.Fatal(err)
	}
	if m.Dir == "" {
		t.Fatalf("go mod download: no folder of %s", module)
	}
	return m.Dir
}
