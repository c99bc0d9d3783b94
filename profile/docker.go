// SPDX-License-Identifier: Apache-2.0

package profile

import "github.com/gosieve/sieve/internal/docker"

// DockerDefault is the profile that Docker gives a container by default, as of the
// release that internal/docker/data/ORIGIN names. It is a new one each time.
//
// It is parsed anew on each call, so a caller may change what it gets.
func DockerDefault() *Profile {
	p, err := Parse(docker.Default(), File(docker.Name))
	if err != nil {
		panic("profile: Docker's default profile: " + err.Error())
	}
	return p
}
