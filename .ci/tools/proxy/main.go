// SPDX-License-Identifier: Apache-2.0

// Proxy writes the modules of a tree as a module proxy on disk serves them
// (go.dev/ref/mod#goproxy-protocol), to see before a release what an importer will get:
//
//	proxy VERSION FOLDER MODULE-FOLDER...
//
// The zip files are equal, byte for byte in what go.sum hashes, to those that
// the go command makes of a commit with these files.
package main

import (
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("proxy: ")
	if len(os.Args) < 4 {
		log.Fatal("want VERSION FOLDER MODULE-FOLDER...")
	}
	for _, dir := range os.Args[3:] {
		if err := add(os.Args[2], os.Args[1], dir); err != nil {
			log.Fatalf("%s: %v", dir, err)
		}
	}
}

// add writes the .info, .mod and .zip files of a module.
func add(proxy, version, dir string) error {
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	m := module.Version{Path: modfile.ModulePath(mod), Version: version}
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return err
	}
	to := filepath.Join(proxy, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	files, err := filesOf(dir)
	if err != nil {
		return err
	}
	packed, err := os.Create(filepath.Join(to, version+".zip"))
	if err != nil {
		return err
	}
	defer packed.Close()
	if err := zip.Create(packed, m, files); err != nil {
		return err
	}
	for name, text := range map[string]string{
		version + ".info": fmt.Sprintf("{%q:%q}", "Version", version), version + ".mod": string(mod), "list": version + "\n",
	} {
		if err := os.WriteFile(filepath.Join(to, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return packed.Close()
}

// filesOf is what a module has under version control. A module in a subfolder gets
// the repository's LICENSE if it has none, as the go command does.
func filesOf(dir string) ([]zip.File, error) {
	out, err := exec.Command("git", "-C", dir, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	top, err := exec.Command("git", "-C", dir, "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return nil, fmt.Errorf("git rev-parse: %w", err)
	}
	names := map[string]bool{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		names[name] = true
	}
	var files []zip.File
	for name := range names {
		if isNested(dir, name) {
			continue
		}
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			continue // deleted, and not yet committed
		}
		files = append(files, file{name, filepath.Join(dir, name)})
	}
	if !names["LICENSE"] {
		files = append(files, file{"LICENSE", filepath.Join(strings.TrimSpace(string(top)), "LICENSE")})
	}
	return files, nil
}

// isNested reports whether a file belongs to a module in a subfolder of dir.
func isNested(dir, name string) bool {
	for at := filepath.Dir(name); at != "."; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(dir, at, "go.mod")); err == nil {
			return true
		}
	}
	return false
}

// A file is one of a module's: its name there, and where it is.
type file struct{ name, at string }

func (f file) Path() string                 { return f.name }
func (f file) Lstat() (fs.FileInfo, error)  { return os.Lstat(f.at) }
func (f file) Open() (io.ReadCloser, error) { return os.Open(f.at) }
