//go:build rare

package main

import "example.com/mutants/rare"

func call() { rare.Call() }
