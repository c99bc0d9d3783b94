// SPDX-License-Identifier: Apache-2.0

// Derived is an HTTP server under a filter of all that its own source can do: what
// anybody makes of it that is not in the source is refused. The profile is derived at build
// time, and proved and installed by the program itself at its start.
//
//	go generate ./examples/derived
//	go run ./examples/derived &
//	curl http://127.0.0.1:8080/
//
// A profile that has grown shows in review what a change lets the program do, and
// "sieve derive --check profile_amd64.json ." says in continuous integration that the
// program can do more than its profile allows.
package main

import (
	"embed"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

//go:generate go run ../../cmd/sieve derive --arch amd64 -o profile_amd64.json .
//go:generate go run ../../cmd/sieve derive --arch arm64 -o profile_arm64.json .

//go:embed profile_*.json
var documents embed.FS

func main() {
	address := flag.String("listen", "127.0.0.1:8080", "listen on `ADDRESS`")
	flag.Parse()
	if err := serve(*address); err != nil {
		fmt.Fprintln(os.Stderr, "derived:", err)
		os.Exit(1)
	}
}

// serve confines the program before it does anything else.
func serve(address string) error {
	if err := confine(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("http://%v/\n", listener.Addr())
	return http.Serve(listener, http.HandlerFunc(hello))
}

func hello(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "Hello from behind a filter: %s\n", r.URL.Path)
}

// confine puts the program under its own profile, on every thread and for good.
func confine() error {
	text, err := documents.ReadFile("profile_" + runtime.GOARCH + ".json")
	if err != nil {
		return err
	}
	p, err := profile.Parse(text)
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
	return filter.InstallSelf(seccomp.SpecAllow)
}
