// SPDX-License-Identifier: Apache-2.0

// Package errnos gives the numbers of errno names on each ABI.
package errnos
