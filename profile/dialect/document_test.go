// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"sync"
	"testing"

	"github.com/gosieve/sieve/profile"
	"github.com/stretchr/testify/assert"
)

// TestParseSharedOptions: goroutines that share a slice of options with spare room read
// documents each in its own dialect, and the spare room stays as it is.
func TestParseSharedOptions(t *testing.T) {
	shared := make([]profile.ParseOption, 1, 4)
	shared[0] = profile.File("shared")
	read := map[Name]string{
		Docker: `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": []}`,
		OCI:    `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": []}`,
	}
	var group sync.WaitGroup
	for _, name := range Names() {
		for range 100 {
			group.Go(func() {
				d, err := Parse(name, []byte(read[name]), shared...)
				if read[name] != "" && assert.NoError(t, err, name) {
					assert.Equal(t, string(name), d.(*profile.Profile).Dialect.String())
				}
			})
		}
	}
	group.Wait()
	assert.Equal(t, make([]profile.ParseOption, 3), shared[1:4])
}
