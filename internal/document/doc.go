// SPDX-License-Identifier: Apache-2.0

// Package document holds what the packages below profile share that read and
// write documents of their own: places in a text, what a reader has to say about
// it, and a policy taken apart into what it decides on each call.
package document
