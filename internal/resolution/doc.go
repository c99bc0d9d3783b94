// SPDX-License-Identifier: Apache-2.0

// Package resolution carries what package profile found when it resolved a document to
// its neighbours: profile/lint and profile/grant continue from what Resolve found.
//
// They ask for it with an Observer, which is an option of Resolve that no program
// outside of this module can make.
package resolution
