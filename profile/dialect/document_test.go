// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/profile"
)

// TestParseSharedOptions: goroutines that share a slice of options with spare room read
// documents each in its own dialect, and the spare room stays as it is.
func TestParseSharedOptions(t *testing.T) {
	shared := make([]profile.ParseOption, 1, 4)
	shared[0] = profile.File("shared")
	read := map[profile.Dialect]string{
		profile.Docker:   `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": []}`,
		profile.OCI:      `{"linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW"}}}`,
		profile.Podman:   `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "EPERM"}`,
		profile.Minijail: "read: 1",
		profile.Systemd:  "~@clock",
	}
	var group sync.WaitGroup
	for name, doc := range read {
		for range 100 {
			group.Go(func() {
				d, err := Parse([]byte(doc), shared...)
				if assert.NoError(t, err, name) {
					assert.Equal(t, name, d.Dialect())
				}
				if p := d.Profile(); p != nil {
					assert.Equal(t, name, p.Dialect)
				}
			})
		}
	}
	group.Wait()
	assert.Equal(t, make([]profile.ParseOption, 3), shared[1:4])
}
