// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// replaceFile writes a file as a whole or not at all, in the place of another
// with its mode, so that no one ever sees half of it. A symbolic link stays one;
// what is no regular file, or somebody has open under a name in /dev or /proc, is
// written to as it is.
func replaceFile(name string, text []byte) (err error) {
	target, mode, err := replaced(name)
	if err != nil {
		return err
	}
	if !mode.IsRegular() {
		return appendTo(name, text)
	}
	f, err := beside(target)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	if err == nil && mode != 0 {
		err = f.Chmod(mode.Perm())
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), target)
	}
	return err
}

// replaceable says why replaceFile could not write the file, before there is
// anything to write.
func replaceable(name string) error {
	target, mode, err := replaced(name)
	if err != nil || !mode.IsRegular() {
		return err
	}
	f, err := beside(target)
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
