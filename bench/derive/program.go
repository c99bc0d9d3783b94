// SPDX-License-Identifier: Apache-2.0

package main

// A program is one of the corpus: a main package in a module of this repository, or of
// another that corpus/go.mod pins, and a load that has it do what it is for.
type program struct {
	name string
	// dir is the module's, below the repository, and pkg the package's path from there.
	dir, pkg string
	// children: it starts other programs, under its own filter.
	children bool
	// large: deriving takes minutes or gigabytes.
	large bool
	load  func(*scene) error
}

// programs are all pure Go.
var programs = []program{
	{name: "net/http server", dir: corpus, pkg: "./httpserver", load: serveHTTP},
	{name: "TLS client", dir: corpus, pkg: "./tlsclient", load: getTLS},
	{name: "os/exec user", dir: corpus, pkg: "./executor", children: true, load: runChildren},
	{name: "modernc.org/sqlite user", dir: corpus, pkg: "./database", load: fillDatabase},
	{name: "file walker", dir: corpus, pkg: "./walker", load: walk},
	{name: "miekg/dns server", dir: corpus, pkg: "./nameserver", load: answerNames},
	{name: "go-git user", dir: corpus, pkg: "./repository", children: true, load: cloneRepository},
	{name: "node_exporter", dir: corpus, pkg: "github.com/prometheus/node_exporter", load: exportMetrics},
	{name: "sieve", dir: ".", pkg: "./cmd/sieve", children: true, load: useSieve},
	{name: "caddy", dir: corpus, pkg: "github.com/caddyserver/caddy/v2/cmd/caddy", children: true, large: true, load: serveFiles},
}

const corpus = "bench/derive/corpus"
