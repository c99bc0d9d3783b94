// SPDX-License-Identifier: Apache-2.0

// Package grant finds what to change in a profile, or in the target that it is resolved
// for, so that a call is allowed.
package grant
