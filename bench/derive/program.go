// SPDX-License-Identifier: Apache-2.0

package main

// A program is one of the corpus: a main package in a module of this repository, or of
// another that corpus/go.mod pins, and a load that has it do what it is for.
type program struct {
	name string
	// dir is the module's, below the repository, and pkg the package's path from there.
	dir, pkg string
	// executes: it can start other programs, and children: its load does so, and they
	// are not the program itself.
	executes, children bool
	// open: why derive rightly reports places with unknown numbers.
	open string
	// large: deriving takes minutes or gigabytes.
	large bool
	load  func(*scene) error
}

// programs are all pure Go.
var programs = []program{
	{name: "net/http server", dir: corpus, pkg: "./httpserver", load: serveHTTP},
	{name: "TLS client", dir: corpus, pkg: "./tlsclient", load: getTLS},
	{name: "os/exec user", dir: corpus, pkg: "./executor", executes: true, load: runChildren},
	{name: "modernc.org/sqlite user", dir: corpus, pkg: "./database", load: fillDatabase},
	{name: "file walker", dir: corpus, pkg: "./walker", load: walk},
	{name: "miekg/dns server", dir: corpus, pkg: "./nameserver", load: answerNames},
	{name: "go-git user", dir: corpus, pkg: "./repository", executes: true, load: cloneRepository},
	{name: "node_exporter", dir: corpus, pkg: "github.com/prometheus/node_exporter", load: exportMetrics},
	{name: "sieve", dir: ".", pkg: "./cmd/sieve", executes: true, children: true, load: useSieve,
		open: "sieve features asks the kernel about numbers of other ABIs"},
	{name: "caddy", dir: corpus, pkg: "github.com/caddyserver/caddy/v2/cmd/caddy", executes: true, large: true, load: serveFiles},
}

const corpus = "bench/derive/corpus"
