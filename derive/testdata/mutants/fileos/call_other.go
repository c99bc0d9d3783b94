//go:build !linux

package main

func call() {}
