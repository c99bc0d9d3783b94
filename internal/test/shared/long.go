// SPDX-License-Identifier: Apache-2.0

package shared

import "os"

// Long says whether the environment variable SIEVE_LONG is set. Tests that repeat or
// search do so at their full length then, for minutes.
func Long() bool { return os.Getenv("SIEVE_LONG") != "" }
