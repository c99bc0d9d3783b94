// SPDX-License-Identifier: Apache-2.0

package dialect_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
)

func TestReadFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.json")
	write := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }
	write(`{"defaultAction": "SCMP_ACT_ERRNO"}`)
	d, err := dialect.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, profile.Docker, d.Dialect())

	write(`{"defaultAction": "SCMP_ACT_NO"}`)
	_, err = dialect.ReadFile(file)
	assert.ErrorContains(t, err, file+":1:19: defaultAction: unknown action")
	_, err = dialect.ReadFile(file, profile.File("named"))
	assert.ErrorContains(t, err, "named:1:19: ")
	_, err = dialect.ReadFile(file, profile.Limits(10, 0))
	assert.ErrorIs(t, err, profile.ErrLimit)
	assert.ErrorContains(t, err, "the document has more than 10 bytes")
	_, err = dialect.ReadFile(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = dialect.ReadFile(t.TempDir())
	assert.Error(t, err)
}
