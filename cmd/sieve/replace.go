// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// replaceFile writes a file as a whole or not at all, in the place of another
// with its mode and, as far as that is allowed, its owner, so that no one ever sees
// half of it. A symbolic link stays one; what is no regular file, or somebody has
// open under a name in /dev or /proc, is written to as it is.
func replaceFile(name string, text []byte) error {
	return replaceFiles([]string{name}, [][]byte{text})
}

// replaceFiles replaces files that belong together: none is, before there is room
// for all.
func replaceFiles(names []string, texts [][]byte) error {
	var list []*replacement
	defer func() {
		for _, r := range list {
			r.discard()
		}
	}()
	for i, name := range names {
		r, err := stage(name, texts[i])
		if err != nil {
			return err
		}
		list = append(list, r)
	}
	for _, r := range list {
		if err := r.commit(); err != nil {
			return err
		}
	}
	return nil
}

// replacement is what is to stand in a file's place.
type replacement struct {
	target string
	mode   fs.FileMode
	text   []byte
	beside string // the file that has the text; "" if the target is to be written to
}

// stage writes the text beside the file, if there can be anything.
func stage(name string, text []byte) (*replacement, error) {
	target, mode, err := replaced(name)
	if err != nil {
		return nil, err
	}
	r := &replacement{target: target, mode: mode, text: text}
	if !mode.IsRegular() {
		return r, nil
	}
	f, err := beside(target)
	if err != nil {
		if mode != 0 && closed(err) {
			return r, nil
		}
		return nil, err
	}
	r.beside = f.Name()
	if mode != 0 { // before there is anything to read
		keepOwner(f, target)
		err = f.Chmod(mode.Perm())
	}
	if err == nil {
		_, err = f.Write(text)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		r.discard()
		return nil, err
	}
	return r, nil
}

// commit puts the text in its place. A file that is mounted on its own, as containers
// are given them, cannot be renamed over (EBUSY, rename(2)), nor can somebody else's in
// a sticky folder (EPERM). Such a file is written to where it is, and who reads it
// meanwhile may see half of it.
func (r *replacement) commit() error {
	if !r.mode.IsRegular() {
		return appendTo(r.target, r.text)
	}
	if r.beside == "" {
		return overwrite(r.target, r.text)
	}
	err := os.Rename(r.beside, r.target)
	if errors.Is(err, syscall.EBUSY) || closed(err) {
		return overwrite(r.target, r.text)
	}
	if err == nil {
		r.beside = ""
	}
	return err
}

// discard removes what has not been put in its place.
func (r *replacement) discard() {
	if r.beside != "" {
		os.Remove(r.beside)
		r.beside = ""
	}
}

// overwrite writes over a file that cannot be replaced. What it held is put back if
// that fails: there was room for it, which is not given up before the end.
func overwrite(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	old, err := io.ReadAll(f)
	if err == nil {
		if _, err = f.WriteAt(text, 0); err == nil {
			err = f.Truncate(int64(len(text)))
		}
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			f.WriteAt(old, 0)
			f.Truncate(int64(len(old)))
		}
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// closed says whether a folder takes no new file, which says nothing of those that
// are in it.
func closed(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// replaceable says why replaceFile could not write the file, before there is
// anything to write.
func replaceable(name string) error {
	target, mode, err := replaced(name)
	if err != nil || !mode.IsRegular() {
		return err
	}
	f, err := beside(target)
	if mode != 0 && closed(err) {
		if f, err = os.OpenFile(target, os.O_RDWR, 0); err == nil {
			err = f.Close()
		}
		return err
	}
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// replaced is the file that a name leads to, and its mode; 0, that of a regular
// file, if there is none yet, and another if it is to be written to as it is.
func replaced(name string) (target string, mode fs.FileMode, err error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) && name != "" {
		if _, e := os.Lstat(name); e == nil {
			return "", 0, err // a link to nowhere
		}
		return name, 0, nil
	}
	switch {
	case err != nil:
		return "", 0, err
	case info.IsDir():
		return "", 0, &fs.PathError{Op: "write", Path: name, Err: errors.New("is a directory")}
	case !info.Mode().IsRegular() || openElsewhere.MatchString(filepath.ToSlash(name)):
		return name, fs.ModeIrregular, nil
	}
	target, err = filepath.EvalSymlinks(name)
	return target, info.Mode(), err
}

// openElsewhere is the names of open files.
var openElsewhere = regexp.MustCompile(`^/(dev/(stdin|stdout|stderr|fd/.*)|proc/.*)$`)

// beside makes a new file in the folder of another, hidden and with the mode that
// the umask leaves.
func beside(target string) (*os.File, error) {
	name := "." + filepath.Base(target) + "." + rand.Text()[:8]
	f, err := os.OpenFile(filepath.Join(filepath.Dir(target), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if where := (*fs.PathError)(nil); errors.As(err, &where) {
		where.Path = target // what was asked for
	}
	return f, err
}

// appendTo leaves what somebody else has written there.
func appendTo(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}
