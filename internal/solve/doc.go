// SPDX-License-Identifier: Apache-2.0

// Package solve finds arguments of a call for which conditions hold, or for which none
// holds.
//
// A search counts its steps and gives up when a budget is used up, since a document can
// hold conditions for which it would take very long.
package solve
