// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/test/documents"
)

// FuzzParse: any bytes are refused with a reason and a place, or make a profile
// that resolves or is refused in the same way. What is accepted is what Go's
// reader takes for JSON too.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "{}", "null", withTop(""), withRule(""), withArg(`{"index": 5, "value": 18446744073709551615, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}`),
		withTop(`, "x": [1.5e-3, {"y": "\ud83d\ude00"}], "flags": []`), withRule(`, "includes": {"caps": ["CAP_CHOWN"], "minKernel": "4.8"}`),
		withTop(`, "defaultErrno": "ENOSYS"`), withRule(`, "errno": "EFOO", "name": "x"`),
		`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]}`,
		string(documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 LE 5")), documents.Rule("socket", "KILL", documents.Args("0 GE 5", "1 NE 3")), documents.Rule("socketcall", "LOG", documents.Args("0 EQ 1")))),
	} {
		f.Add([]byte(s), uint8(0), uint8(arch.X86_64))
		f.Add([]byte(s), uint8(1), uint8(arch.S390X))
		f.Add([]byte(s), uint8(2), uint8(arch.MIPS64))
		f.Add([]byte(`{"ociVersion": "1.3.0", "linux": {"seccomp": `+s+`}, "x": 1}`), uint8(1), uint8(arch.X86_64))
	}
	for pattern, dialect := range map[string]uint8{"docker": 0, "oci": 1, "containers-common": 2, "malformed": 0} {
		files, _ := filepath.Glob(filepath.Join(os.Getenv("SIEVE_SHARED"), "data/profiles", pattern, "*.json"))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil {
				f.Add(text, dialect, uint8(arch.X86_64))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, dialect, a uint8) {
		p, err := Parse(text, File("f"), Limits(1<<20, 50), In([]Dialect{Docker, OCI, Podman}[dialect%3]))
		if err != nil {
			checkError(t, text, err)
			return
		}
		require.True(t, utf8.Valid(text))
		require.True(t, json.Valid(text), "accepted, but no JSON")
		target := Target{Arch: arch.X86_64 + arch.Arch(a)%24, Kernel: arch.Newest}
		policy, _, err := p.Resolve(target)
		if err != nil {
			checkError(t, text, err)
			return
		}
		require.NoError(t, policy.Validate())
	})
}

// checkError wants an error with a reason, and a place in the text if it has one.
func checkError(t *testing.T, text []byte, err error) {
	var e *Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Message)
	require.NotEmpty(t, codes.Of(e.Code).Meaning, e.Code)
	require.True(t, errors.Is(err, ErrSyntax) || errors.Is(err, ErrProfile) || errors.Is(err, ErrLimit), err)
	// Go's reader takes half of a surrogate pair for U+FFFD.
	if errors.Is(err, ErrSyntax) && utf8.Valid(text) && !strings.HasPrefix(e.Message, "half of") {
		require.False(t, json.Valid(text), "refused as no JSON: %v", err)
	}
	require.LessOrEqual(t, e.Place.Column, len(text)+1)
}
