// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
)

// TestBaseline: documents of any dialect are held to any, and intersected.
func TestBaseline(t *testing.T) {
	host := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	parse := func(d profile.Dialect, text string) *Document {
		doc, err := Parse([]byte(text), profile.In(d))
		require.NoError(t, err)
		return doc
	}
	unit := parse(profile.Systemd, "[Service]\nSystemCallFilter=@system-service\nSystemCallErrorNumber=EPERM\n")
	policy := parse(profile.Minijail, "read: 1\nwrite: arg0 == 1\n")
	var looser *baseline.LooserError
	for _, tt := range []struct {
		node, x *Document
		atMost  bool
	}{{unit, policy, true}, {policy, unit, false}, {policy, policy, true}} {
		node := baseline.Baseline{Document: tt.node, Targets: []profile.Target{host}}
		err := node.Check(context.Background(), tt.x)
		if tt.atMost {
			require.NoError(t, err)
		} else {
			require.ErrorAs(t, err, &looser)
		}
		both, err := node.Intersect(context.Background(), host, tt.x)
		require.NoError(t, err)
		require.NotEmpty(t, both.Stack)
	}
	// A document of Docker's family has the rules for artifacts in every dialect.
	node := baseline.Baseline{Document: unit, Targets: []profile.Target{host}}
	spo := parse(profile.OCI, `{"defaultAction": "SCMP_ACT_ERRNO", "listenerPath": "/a"}`)
	require.ErrorIs(t, node.Check(context.Background(), spo), profile.ErrProfile)
}
