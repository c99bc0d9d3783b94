// SPDX-License-Identifier: Apache-2.0

// Package consumers tests docs/consumers.md: it runs the lines of that page with the programs that
// they are about. What is not installed, or cannot work on the machine, is skipped.
package consumers
