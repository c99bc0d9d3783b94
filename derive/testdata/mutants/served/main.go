// SPDX-License-Identifier: Apache-2.0

// Served makes the call in a handler of net/http.
package main

import (
	"net"
	"net/http"
	"os"

	"example.com/mutants/rare"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(1)
	}
	http.HandleFunc("/", func(http.ResponseWriter, *http.Request) { rare.Call() })
	go func() { _ = http.Serve(listener, nil) }()
	response, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		os.Exit(1)
	}
	_ = response.Body.Close()
}
