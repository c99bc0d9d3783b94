// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/shared"
)

// TestUpstream runs the tests of libseccomp-golang as they are against this package, in
// the place of its own.
func TestUpstream(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	theirs, err := filepath.Glob(filepath.Join(upstream(t), "*_test.go"))
	require.NoError(t, err)
	require.NotEmpty(t, theirs)
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	ours, err := filepath.Glob(filepath.Join(here, "*_test.go"))
	require.NoError(t, err)

	files := map[string]string{}
	for _, file := range ours {
		files[file] = "" // not there
	}
	for _, file := range theirs {
		files[filepath.Join(here, "upstream_"+filepath.Base(file))] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": files})
	require.NoError(t, err)
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	require.NoError(t, os.WriteFile(overlay, text, 0o666))

	args, want := []string{"test", "-count=1", "-v", "-overlay", overlay, "."}, 28
	if strconv.IntSize == 32 { // TestNotif wants 64 bits of the result of a call
		args, want = append(args, "-skip=^TestNotif$"), 27
	}
	out := shared.Go(t, "", []string{"CGO_ENABLED=0", "_EXPECTED_LIBSECCOMP_VERSION=2.6.0"}, args...)
	passed := regexp.MustCompile(`(?m)^--- PASS: (\w+)`).FindAllSubmatch(out, -1)
	require.Len(t, passed, want, "%s", out)

	var skipped []string
	for _, s := range regexp.MustCompile(`--- SKIP: (\w+)/`).FindAllSubmatch(out, -1) {
		skipped = append(skipped, string(s[1]))
	}
	// These are for libraries that lack something.
	require.Equal(t, []string{"TestNotifUnsupported", "TestTransactionUnsupported"}, skipped, "%s", out)
}
