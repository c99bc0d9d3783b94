// SPDX-License-Identifier: Apache-2.0

// Package docker has the text of Docker's default profile, which profile.DockerDefault
// reads. data/ORIGIN says which release it is of.
package docker

import (
	"bytes"
	_ "embed"
)

//go:generate go -C ../generate/docker run . ../../docker/data

// text is default.json of github.com/moby/profiles/seccomp.
//
//go:embed data/docker-default.json
var text []byte

// Name is the name of the text in places.
const Name = "docker-default.json"

// Default is the text, a copy of it.
func Default() []byte { return bytes.Clone(text) }
