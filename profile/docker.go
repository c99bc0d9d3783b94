// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bytes"
	_ "embed"
)

//go:generate go -C ../internal/generate/docker run . ../../../profile/data

// dockerDefault is default.json of github.com/moby/profiles/seccomp, as data/ORIGIN
// says.
//
//go:embed data/docker-default.json
var dockerDefault []byte

// DockerDefault is the profile that Docker gives a container by default, as of the
// release that data/ORIGIN names. It is a new one each time.
//
// It is parsed anew on each call, so a caller may change what it gets.
func DockerDefault() *Profile {
	p, err := Parse(dockerDefault, File("docker-default.json"))
	if err != nil {
		panic("profile: Docker's default profile: " + err.Error())
	}
	return p
}

// DockerDefaultJSON is the document of DockerDefault, whose places speak of its lines.
func DockerDefaultJSON() []byte { return bytes.Clone(dockerDefault) }
