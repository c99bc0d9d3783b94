//go:build !rare

package main

func call() {}
