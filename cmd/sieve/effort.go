// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// maxEffort bounds --effort. A thousand times the usual bounds is half an hour and 256
// GB: nobody would give more, and the product must stay a number.
const maxEffort = 1000

// effortFlag is --effort, for the few programs whose proof is larger than the usual bounds (bpf.DefaultSteps
// and bpf.DefaultMemory). The bounds are counted, not measured: the same question has the same answer on
// every machine.
func effortFlag() *cli.Flag {
	return &cli.Flag{Name: "effort", Kind: cli.Int, Value: "1", Usage: "work `N` times as long as usual (2 s, 256 MB) before giving up",
		Check: func(n int) error {
			if n < 1 || n > maxEffort {
				return fmt.Errorf("want 1 to %d", maxEffort)
			}
			return nil
		}}
}

// unproved adds to an error the flags that help where a filter could not be proved in the
// bounds.
func unproved(err error) error {
	if !errors.Is(err, proof.ErrUndecided) {
		return err
	}
	return fmt.Errorf("%w; --effort 4 works four times as long, --no-prove leaves the proof out", err)
}

// within returns the bounds that --effort gives, with the command's context. On systems
// with an int of 32 bits the product is cut off at the largest one.
func within(ctx context.Context, cmd *cli.Command) seccomp.Option {
	return seccomp.Within(ctx, bounds(cmd))
}

// bounds are those of one proof, and of all that lint proves about one document.
func bounds(cmd *cli.Command) seccomp.Limits {
	times := func(limit int) int { // that much, or all that an int holds
		return int(min(uint64(math.MaxInt), uint64(cmd.Int("effort"))*uint64(limit)))
	}
	return seccomp.Limits{Steps: times(seccomp.DefaultSteps), Memory: times(seccomp.DefaultMemory)}
}
