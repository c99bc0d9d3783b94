// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"io"
	"os"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
)

// ReadFile reads the document in a file, as Parse does, and names the file in places and
// messages. An option profile.File names it otherwise. A file larger than the limit
// (profile.Limits) is refused without being read to its end, so that a device that never
// ends is an error too.
//
// Errors are those of Parse and of package os.
func ReadFile(name string, opts ...profile.ParseOption) (*Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	opts = append([]profile.ParseOption{profile.File(name)}, opts...)
	o := options.Of(opts...)
	doc, err := io.ReadAll(io.LimitReader(f, int64(o.Size)+1))
	if err != nil {
		return nil, err
	}
	if len(doc) > o.Size {
		return nil, document.Fail(profile.ErrLimit, "too-large", profile.Place{File: o.File}, "the document has more than %d bytes", o.Size)
	}
	return Parse(doc, opts...)
}
