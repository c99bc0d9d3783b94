// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/stretchr/testify/require"
)

// TestProveRandom proves what the compiler makes of random policies, and finds
// out what is done to the filters.
func TestProveRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for range 600 {
		seed := make([]byte, 8+r.IntN(200))
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		p := policyFrom(seed)
		filter, err := p.Compile()
		if errors.Is(err, bpf.ErrTooLong) {
			continue
		}
		require.NoError(t, err)
		if err := filter.Prove(p); err != nil {
			t.Fatalf("%v\n%v", describe(p), err)
		}
	}
}
