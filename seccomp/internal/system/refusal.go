// SPDX-License-Identifier: Apache-2.0

package system

import (
	"errors"
	"fmt"
)

// ErrThread is what errors wrap about a thread that could not take over the filter. It is the
// error itself where the kernel does not tell the thread (TSYNC_ESRCH).
var ErrThread = errors.New("a thread cannot follow: it has a filter that the calling thread lacks")

// threadError is ErrThread about a thread whose id the kernel has told.
type threadError struct{ tid int }

func (e *threadError) Error() string {
	return fmt.Sprintf("thread %d cannot follow: it has a filter that the calling thread lacks", e.tid)
}

func (e *threadError) Unwrap() error { return ErrThread }
