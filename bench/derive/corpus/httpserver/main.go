// SPDX-License-Identifier: Apache-2.0

// Httpserver says hello on a port of its own until it is asked to quit.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{}
	ended := make(chan error, 1)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello,", r.RemoteAddr) })
	http.HandleFunc("/quit", func(http.ResponseWriter, *http.Request) {
		go func() { ended <- server.Shutdown(context.Background()) }()
	})
	if err := server.Serve(listener); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	if err := <-ended; err != nil {
		log.Fatal(err)
	}
}
