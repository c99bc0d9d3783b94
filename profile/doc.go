// SPDX-License-Identifier: Apache-2.0

// Package profile reads seccomp profiles and resolves them into policies.
package profile
