// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package main

import "syscall"

// outcome passes on how the command ended. It cannot have begun.
func outcome(_ string, err error) error { return err }

// ignored are the signals that sieve was started with as ignored, which is not known.
func ignored() map[syscall.Signal]bool { return nil }

// relay hands no signals on: on these systems no command runs under a filter.
type relay struct{}

func catchSignals() *relay { return &relay{} }

func (*relay) pass(child)    {}
func (*relay) divert(func()) {}
func (*relay) stop()         {}
