// SPDX-License-Identifier: Apache-2.0

package main

import "context"

// bindings is the module in whose place Sieve's is put.
const bindings = "github.com/seccomp/libseccomp-golang"

// A user is a module that calls libseccomp-golang.
type user struct {
	name                 string
	module, version, sum string // sum as go.sum has it

	// imports is the path under which the user has the bindings, where that is
	// another, and gomod the go.mod of a user from before modules.
	imports, gomod string

	tags string
	// cgo: the user has C of its own, so that CGO_ENABLED=0 is not for it.
	cgo   bool
	heavy bool // builds for minutes

	build []string // main packages
	test  []string // packages that have tests of what calls the bindings

	more    func() []suite
	measure func(ctx context.Context, sides []*checkout) ([]row, error)
}

// users are those that the module proxy has, in the newest version that it has.
// What the packages import beyond cgo and C headers is left out by tags.
var users = []user{{
	name:    "runc",
	module:  "github.com/opencontainers/runc",
	version: "v1.5.3",
	sum:     "h1:y3GUIW7J0Gxd+tCFfWR6L1YDnhHiNR1BGRx1J50+VnA=",
	tags:    "seccomp",
	cgo:     true, // nsexec, which enters namespaces before Go starts
	build:   []string{".", "./tests/cmd/seccompagent", "./tests/cmd/recvtty", "./tests/cmd/pidfd-kill"},
	test:    []string{".", "./libcontainer/seccomp/...", "./libcontainer/configs/...", "./libcontainer/specconv"},
	more:    containers,
	measure: measureRunc,
}, {
	name:    "podman's common",
	module:  "go.podman.io/common",
	version: "v0.69.0",
	sum:     "h1:tAM8gJRCgoPmyfXnYP+6VRfOQ6JySgafpY28OhDZpWc=",
	tags:    "seccomp",
	test:    []string{"./pkg/seccomp"},
}, {
	name:    "containers/common",
	module:  "github.com/containers/common",
	version: "v0.64.2",
	sum:     "h1:1xepE7QwQggUXxmyQ1Dbh6Cn0yd7ktk14sN3McSWf5I=",
	tags:    "seccomp",
	test:    []string{"./pkg/seccomp"},
}, {
	name:    "bypass4netns",
	module:  "github.com/rootless-containers/bypass4netns",
	version: "v0.4.2",
	sum:     "h1:JUZcpX7VLRfDkLxBPC6fyNalJGv9MjnjECOilZIvKRc=",
	test:    []string{"./pkg/bypass4netns"},
}, {
	name:    "snapd",
	module:  "github.com/snapcore/snapd",
	version: "v0.0.0-20201005140838-501d14ac146e",
	sum:     "h1:vqDZWKPBL9RKPA8KyOuTaSuXXlmRwn/ndvOkZaAmLJs=",
	imports: "github.com/mvo5/libseccomp-golang",
	gomod: `module github.com/snapcore/snapd

go 1.25.0

require (
	github.com/godbus/dbus v4.1.0+incompatible
	github.com/mvo5/libseccomp-golang v0.9.1
	gopkg.in/check.v1 v1.0.0-20201130134442-10cb98267c6c
	gopkg.in/tomb.v2 v2.0.0-20161208151619-d5d1b5820637
	gopkg.in/yaml.v2 v2.4.0
)

replace github.com/mvo5/libseccomp-golang => ` + bindings + ` v0.12.0
`,
	cgo:   true, // constants of C headers
	build: []string{"./cmd/snap-seccomp"},
	test:  []string{"./cmd/snap-seccomp"},
}, {
	name:    "CRI-O",
	module:  "github.com/cri-o/cri-o",
	version: "v1.34.0",
	sum:     "h1:ux2URwAyENy5e5hD9Z95tshdfy98eqatZk0fxx3rhuk=",
	tags:    "seccomp containers_image_openpgp exclude_graphdriver_btrfs containers_image_ostree_stub",
	cgo:     true, // containers/storage reads directories in C
	heavy:   true,
	test:    []string{"./internal/config/seccomp"},
}, {
	name:    "security-profiles-operator",
	module:  "sigs.k8s.io/security-profiles-operator",
	version: "v0.10.0",
	sum:     "h1:/30qpke2pM/TijzkkbQ61Da7FZoClR9q0oMzPjbEZYU=",
	tags:    "seccomp netgo osusergo no_bpf",
	cgo:     true, // runc's packages, which it imports
	heavy:   true,
	test:    []string{"./internal/pkg/cli/runner", "./internal/pkg/cli/recorder", "./internal/pkg/daemon/enricher"},
}}
