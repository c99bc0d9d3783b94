// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

// place is where a file is or will be. Its folder is held open, and all that follows goes
// through it. Whoever swaps a link or a folder on the way cannot lead a write elsewhere,
// and cannot give a file the mode and the owner of another. The holder calls leave.
type place struct {
	name   string      // as the user wrote it, for errors
	target string      // without symbolic links
	folder *os.Root    // nil if the folder cannot be read, or what is there is written to as it is
	info   fs.FileInfo // of what is there; nil if nothing is yet
	asIs   bool        // no regular file, or somebody has it open
}

// errMoved says that a name led to different files from one moment to the next.
var errMoved = errors.New("somebody else is replacing it")

// moves is how many times a file may be replaced by somebody else while it is looked for.
// Editors replace a file once; whoever does it ten times in a row is no accident, and
// gets an error.
const moves = 10

// locate finds the place that a name leads to. Two steps look at the file, and if they do
// not see the same one, locate starts again.
func locate(name string) (p *place, err error) {
	for range moves {
		info, target, err := lead(name)
		if err == nil {
			p, err = settle(name, target, info)
		}
		if !errors.Is(err, errMoved) {
			return p, err
		}
	}
	return nil, &fs.PathError{Op: "write", Path: name, Err: errMoved}
}

// lead follows a name to its file, or to where a new one would be. A link that leads
// nowhere is an error: creating its target would write where nobody looks.
func lead(name string) (info fs.FileInfo, target string, err error) {
	info, err = os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) && name != "" {
		if _, e := os.Lstat(name); e == nil {
			return nil, "", err // a link to nowhere
		}
		return nil, name, nil
	}
	switch {
	case err != nil:
		return nil, "", err
	case info.IsDir():
		return nil, "", &fs.PathError{Op: "write", Path: name, Err: errors.New("is a directory")}
	case asItIs(name, info):
		return info, name, nil
	}
	target, err = filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = errMoved
	}
	return info, target, err
}

// asItIs says whether a file is written to where it is, never replaced: devices and
// pipes, and what somebody has open. Renaming a file over /dev/stdout would replace the
// link in /dev.
func asItIs(name string, info fs.FileInfo) bool {
	return !info.Mode().IsRegular() || openElsewhere().MatchString(filepath.ToSlash(name))
}

// openElsewhere matches names of files that some process has open.
var openElsewhere = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^/(dev/(stdin|stdout|stderr|fd/.*)|proc/.*)$`) })

// settle opens the folder of the target and compares what is there with what the name led
// to. The kernel has checked the name for links that a user may not follow (sysctl
// fs.protected_symlinks), but not the target, which was put together from readlink(2). A
// folder that can be written to but not read is no error: p.folder stays nil.
func settle(name, target string, info fs.FileInfo) (*place, error) {
	p := &place{name: name, target: target, info: info}
	if info != nil && asItIs(name, info) {
		p.asIs = true
		return p, nil
	}
	folder, err := os.OpenRoot(filepath.Dir(target))
	switch {
	case err == nil:
		p.folder = folder
	case !errors.Is(err, fs.ErrPermission):
		return nil, p.named(err)
	}
	now, err := p.lstat()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	case err == nil && !now.Mode().IsRegular():
		err = errMoved
	}
	if err == nil && ((now == nil) != (info == nil) || info != nil && !os.SameFile(now, info)) {
		err = errMoved
	}
	if err != nil {
		p.leave()
		return nil, p.named(err)
	}
	p.info = now
	return p, nil
}

// leave closes the folder.
func (p *place) leave() {
	if p.folder != nil {
		p.folder.Close()
	}
}

// lstat looks at what is there now, through the folder that is held open.
func (p *place) lstat() (fs.FileInfo, error) {
	if p.folder == nil {
		return os.Lstat(p.target)
	}
	return p.folder.Lstat(filepath.Base(p.target))
}

// open opens the file that is there, if it is still the same. The check comes after the
// open, so that there is no moment between the two.
func (p *place) open(flag int) (*os.File, error) {
	var f *os.File
	var err error
	if p.folder == nil {
		f, err = os.OpenFile(p.target, flag, 0)
	} else {
		f, err = p.folder.OpenFile(filepath.Base(p.target), flag, 0)
	}
	if err != nil {
		return nil, p.named(err)
	}
	now, err := f.Stat()
	if err == nil && !os.SameFile(now, p.info) {
		err = &fs.PathError{Op: "write", Err: errMoved}
	}
	if err != nil {
		f.Close()
		return nil, p.named(err)
	}
	return f, nil
}

// named gives an error the name that the user knows, in place of the target's or a hidden
// file's.
func (p *place) named(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return &fs.PathError{Op: path.Op, Path: p.name, Err: path.Err}
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return &fs.PathError{Op: link.Op, Path: p.name, Err: link.Err}
	}
	return err
}
