// SPDX-License-Identifier: Apache-2.0

package derive

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gosieve/sieve/derive/internal/load"
)

// An entry of the cache is a file with a result, named for all that the result depends on:
// the sources, the release of Go, the target, and the program that derives. A cache can make
// nothing fail: what cannot be read is derived again, and what cannot be written is not kept.
type entry struct{ folder, name string }

// mostEntries and mostBytes bound a cache: the entries that have not been used for longest go.
const (
	mostEntries = 64
	mostBytes   = 64 << 20
)

// entry is where the result of a listing is kept; the zero entry is nowhere.
func (c *Config) entry(l *load.Listing) entry {
	if c.Cache == "" {
		return entry{}
	}
	sum := sha256.New()
	program, err := os.Executable()
	if err != nil {
		return entry{}
	}
	info, err := os.Stat(program)
	if err != nil {
		return entry{}
	}
	fmt.Fprintln(sum, "sieve derive 1", program, info.Size(), info.ModTime().UnixNano(), c.Arch, c.Args)
	if err := l.Sum(sum); err != nil {
		return entry{}
	}
	return entry{c.Cache, hex.EncodeToString(sum.Sum(nil)) + ".json"}
}

// read returns what the entry holds, nil if that is nothing or not what was written.
func (e entry) read() *Result {
	if e.name == "" {
		return nil
	}
	name := filepath.Join(e.folder, e.name)
	text, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	sum, body, ok := bytes.Cut(text, []byte("\n"))
	if !ok || string(sum) != checksum(body) {
		return nil
	}
	r := new(Result)
	if json.Unmarshal(body, r) != nil {
		return nil
	}
	now := time.Now()
	_ = os.Chtimes(name, now, now) // which is used last, for trim
	return r
}

func checksum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// write keeps a result. The file has its name only once it is whole.
func (e entry) write(r *Result) {
	if e.name == "" {
		return
	}
	body, err := json.Marshal(r)
	if err != nil || len(body) > mostBytes/4 || os.MkdirAll(e.folder, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(e.folder, "new-*")
	if err != nil {
		return
	}
	_, err = f.WriteString(checksum(body) + "\n" + string(body))
	if cmp.Or(err, f.Close()) != nil || os.Rename(f.Name(), filepath.Join(e.folder, e.name)) != nil {
		_ = os.Remove(f.Name()) // nothing depends on it
	}
	e.trim()
}

// trim removes the entries that were not used for longest, and what a run that was
// interrupted has left.
func (e entry) trim() {
	files, err := os.ReadDir(e.folder)
	if err != nil {
		return
	}
	var infos []os.FileInfo
	for _, f := range files {
		ours := strings.HasPrefix(f.Name(), "new-") || len(f.Name()) == len(e.name) && strings.HasSuffix(f.Name(), ".json")
		if info, err := f.Info(); err == nil && ours && info.Mode().IsRegular() {
			infos = append(infos, info)
		}
	}
	slices.SortFunc(infos, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	size := int64(0)
	for i, info := range infos {
		size += info.Size()
		old := filepath.Ext(info.Name()) != ".json" && time.Since(info.ModTime()) > time.Hour
		if i >= mostEntries || size > mostBytes || old {
			_ = os.Remove(filepath.Join(e.folder, info.Name())) // somebody else has, or may not
		}
	}
}
