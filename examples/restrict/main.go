// SPDX-License-Identifier: Apache-2.0

// Restrict is an HTTP server that confines itself: once it listens, it gives up
// all that serving does not need. It cannot open files, connect to others, start
// programs or processes any more, whoever is in control of it.
//
//	go run ./examples/restrict &
//	curl http://127.0.0.1:8080/
//
// What is left is in profile.json, which go:embed puts into the program. A profile
// that Go's runtime could not live under is refused with the reasons.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp/features"
	"github.com/gosieve/sieve/seccomp/proof"
)

//go:embed profile.json
var document []byte

func main() {
	address := flag.String("listen", "127.0.0.1:8080", "listen on `ADDRESS`")
	flag.Parse()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello from behind a filter: %s\n", r.URL.Path)
	})
	if err := serve(*address, handler); err != nil {
		fmt.Fprintln(os.Stderr, "restrict:", err)
		os.Exit(1)
	}
}

// serve listens, confines the program, and serves. What needs more than the profile
// allows must be done before: files are opened, names resolved and sockets bound.
func serve(address string, handler http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("http://%v/\n", listener.Addr())
	if err := confine(); err != nil {
		return err
	}
	return http.Serve(listener, handler)
}

// confine puts the embedded profile on every thread, for good.
func confine() error {
	p, err := profile.Parse(document, profile.File("profile.json"))
	if err != nil {
		return err
	}
	host, err := profile.Host()
	if err != nil {
		return err
	}
	policy, _, err := p.Resolve(host)
	if err != nil {
		return err
	}
	filter, err := proof.Compile(policy)
	if err != nil {
		return err
	}
	return filter.InstallSelf(p.InstallFlags(features.Flags()))
}
