// SPDX-License-Identifier: Apache-2.0

// Package marathon runs the tasks of Marathon definitions on one machine, as an
// agent and Marathon's back-off would. It is no scheduler: there are no offers, no
// resources and no other machines.
//
// A Runner is told how to start a task (Launcher does it for real) and lives in one
// goroutine; its only clock is package time's, so that tests run it in a bubble of
// testing/synctest.
package marathon
