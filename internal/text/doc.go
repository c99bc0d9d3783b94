// SPDX-License-Identifier: Apache-2.0

// Package text holds what every reader of documents needs and no format changes:
// clipping a value that someone else wrote, the first byte that is not UTF-8, and
// the line and column of an offset.
//
// It knows neither JSON nor YAML. Offsets, lines and columns are counted in bytes,
// as editors and compilers count them in their messages.
package text
