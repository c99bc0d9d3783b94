// SPDX-License-Identifier: Apache-2.0

// Package wording holds what messages about a document are made of: lists of words,
// how a rule is called, and the name that was probably meant ([NearestCall] of a
// call, [Nearest] of any other).
package wording
