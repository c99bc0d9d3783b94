// SPDX-License-Identifier: Apache-2.0

// Package repair gives the text of a fix that a program can take as well as a person.
package repair
