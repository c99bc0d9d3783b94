// SPDX-License-Identifier: Apache-2.0

// Package lint finds what is wrong with a profile, says what other tools make of it, and
// mends what is mechanical.
package lint
