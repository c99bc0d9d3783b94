// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// replaceFile writes a file as a whole or not at all: the text goes into a new file
// beside it, which is then renamed over it (rename(2) is atomic). The new file gets the
// old one's mode and, as far as that is allowed, its owner. A symbolic link stays one.
// What is no regular file, or somebody has open under a name in /dev or /proc, is written
// to as it is.
func replaceFile(name string, text []byte) error {
	return replaceFiles([]string{name}, [][]byte{text})
}

// replaceFiles replaces files that belong together. All are written beside their targets
// before the first is renamed, so that a full disk leaves all of them as they were. The
// renames themselves are not one step: a crash between two of them leaves some files old.
func replaceFiles(names []string, texts [][]byte) error {
	var list []*replacement
	defer func() {
		for _, r := range list {
			r.discard()
		}
	}()
	for i, name := range names {
		p, err := locate(name)
		if err != nil {
			return err
		}
		r := &replacement{place: p, text: texts[i]}
		list = append(list, r)
		if err := r.stage(); err != nil {
			return p.named(err)
		}
	}
	for _, r := range list {
		if err := r.commit(); err != nil {
			return r.named(err)
		}
	}
	return nil
}

// replaceRead replaces a file that was read, if it still holds what was read. Between
// that check and the rename there is a moment in which a change by somebody else is lost;
// it is short, and a lock would bind only those who take it.
func replaceRead(name string, old, text []byte) error {
	p, err := locate(name)
	if err != nil {
		return err
	}
	r := &replacement{place: p, text: text}
	defer r.discard()
	if !p.asIs {
		if err := p.holds(old); err != nil {
			return err
		}
	}
	if err = r.stage(); err == nil {
		err = r.commit()
	}
	return p.named(err)
}

// holds returns an error if the file does not hold that text.
func (p *place) holds(text []byte) error {
	changed := &fs.PathError{Op: "write", Path: p.name, Err: errors.New("changed since it was read")}
	if p.info == nil {
		return changed
	}
	f, err := p.open(os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	now, err := io.ReadAll(io.LimitReader(f, int64(len(text))+1))
	if err == nil && !bytes.Equal(now, text) {
		err = changed
	}
	return p.named(err)
}

// replacement is a text on its way to a file's place: first stage, then commit, and
// discard at the end in any case.
type replacement struct {
	*place
	text   []byte
	beside string // the file in the folder that has the text; "" if the target is to be written to
}

// stage writes the text into a new file beside the target. If the folder takes no new
// file but the target exists, nothing is staged: commit then writes over the target.
func (r *replacement) stage() error {
	if r.asIs {
		return nil
	}
	f, err := r.create()
	if err != nil {
		if (r.info != nil || r.folder == nil) && closed(err) {
			return nil
		}
		return err
	}
	if r.info != nil { // before there is anything to read
		keepOwner(f, r.info)
		err = f.Chmod(r.info.Mode().Perm())
	}
	if err == nil {
		_, err = f.Write(r.text)
	}
	return finish(f, err)
}

// finish closes a file that was written, once what it holds is on the disk: a rename that
// reaches the disk before the text would leave an empty file after a power failure.
func finish(f *os.File, err error) error {
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// create makes a new, hidden file in the folder. Its mode is what the umask leaves or, if
// it replaces a file, 0600 until it gets that file's mode: at no time can somebody read
// it who could not read the old one. O_EXCL refuses a file or link that somebody else has
// put there.
func (r *replacement) create() (*os.File, error) {
	if r.folder == nil {
		return nil, fs.ErrPermission // a folder that cannot be opened cannot be held on to
	}
	mode := fs.FileMode(0o666)
	if r.info != nil {
		mode = 0o600
	}
	name := "." + filepath.Base(r.target) + "." + rand.Text()[:8]
	f, err := r.folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err == nil {
		r.beside = name
	}
	return f, err
}

// commit puts the text in its place. A file that is mounted on its own, as containers
// are given them, cannot be renamed over (EBUSY, rename(2)), nor can somebody else's in
// a sticky folder (EPERM). Such a file is written to where it is, and who reads it
// meanwhile may see half of it.
func (r *replacement) commit() error {
	switch {
	case r.asIs:
		return r.append()
	case r.beside == "" && r.info == nil:
		return r.writeNew()
	case r.beside == "":
		return r.overwrite()
	}
	err := r.folder.Rename(r.beside, filepath.Base(r.target))
	if r.info != nil && (errors.Is(err, syscall.EBUSY) || closed(err)) {
		return r.overwrite()
	}
	if err == nil {
		r.beside = ""
	}
	return err
}

// discard removes a staged file that has not been put in its place, and closes the
// folder.
func (r *replacement) discard() {
	if r.beside != "" {
		r.folder.Remove(r.beside)
		r.beside = ""
	}
	r.leave()
}

// writeNew writes a new file into a folder that can be written to but not read, where
// nothing can stand beside it.
func (r *replacement) writeNew() error {
	f, err := os.OpenFile(r.target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(r.text)
	return finish(f, err)
}

// overwrite writes over a file that cannot be replaced. What the file held is put back if
// that fails. There is room for it: the file is cut to its new length only after the text
// is written.
func (r *replacement) overwrite() error {
	f, err := r.open(os.O_RDWR)
	if err != nil {
		return err
	}
	old, err := io.ReadAll(f)
	if err == nil {
		if _, err = f.WriteAt(r.text, 0); err == nil {
			err = f.Truncate(int64(len(r.text)))
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

// append writes to a device, a pipe or an open file, after what somebody else has written
// there.
func (r *replacement) append() error {
	f, err := r.open(os.O_WRONLY | os.O_APPEND)
	if err != nil {
		return err
	}
	_, err = f.Write(r.text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// closed says whether an error means that a folder takes no new file. That says nothing
// of the files that are in it.
func closed(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// replaceable says why replaceFile could not write the file, before there is anything to
// write. It makes a new file in the folder and removes it: permissions, read-only mounts
// and security modules can only be asked by trying.
func replaceable(name string) error {
	p, err := locate(name)
	if err != nil {
		return err
	}
	r := &replacement{place: p}
	defer r.discard()
	if p.asIs || p.folder == nil && p.info == nil {
		return nil
	}
	f, err := r.create()
	if p.info != nil && closed(err) {
		f, err = p.open(os.O_RDWR)
	}
	if err != nil {
		return p.named(err)
	}
	return f.Close()
}
