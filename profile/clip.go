// SPDX-License-Identifier: Apache-2.0

package profile

import "github.com/gosieve/sieve/internal/text"

// clip keeps a value that someone else wrote from filling an error message.
func clip(s string) string { return text.Clip(s) }
