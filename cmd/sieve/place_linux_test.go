// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// swappable is a folder of which somebody else could swap everything: a file that all may
// write, one that nobody else may read, and a link to the first.
type swappable struct{ dir, open, secret, link string }

func newSwappable(t *testing.T) swappable {
	dir := t.TempDir()
	s := swappable{dir, filepath.Join(dir, "a", "file"), filepath.Join(dir, "b", "file"), filepath.Join(dir, "link")}
	for name, mode := range map[string]fs.FileMode{s.open: 0o666, s.secret: 0o600} {
		require.NoError(t, os.Mkdir(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(name), 0o600))
		require.NoError(t, os.Chmod(name, mode))
	}
	require.NoError(t, os.Symlink("a/file", s.link))
	return s
}

// lead makes the link lead elsewhere, at once.
func (s swappable) lead(t *testing.T, to string) {
	next := s.link + ".next"
	require.NoError(t, os.Symlink(to, next))
	require.NoError(t, os.Rename(next, s.link))
}

// exchange swaps the two folders.
func (s swappable) exchange(t *testing.T) {
	a, b := filepath.Dir(s.open), filepath.Dir(s.secret)
	for _, step := range [][2]string{{a, a + ".old"}, {b, a}, {a + ".old", b}} {
		require.NoError(t, os.Rename(step[0], step[1]))
	}
}

// untouched says that the file that nobody else may read is as it was.
func (s swappable) untouched(t *testing.T, name string) {
	info, err := os.Lstat(name)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), info.Mode())
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, s.secret, string(text))
}

// TestSwappedBeforeItIsSettled: what a name led to and what its folder holds are one file, or
// nothing is written, whatever was swapped between the two looks.
func TestSwappedBeforeItIsSettled(t *testing.T) {
	refused := func(s swappable, name, target string, info fs.FileInfo) {
		p, err := settle(name, target, info)
		assert.ErrorIs(t, err, errMoved)
		assert.Nil(t, p)
	}
	t.Run("the link", func(t *testing.T) {
		s := newSwappable(t)
		info, err := os.Stat(s.link)
		require.NoError(t, err)
		s.lead(t, "b/file")
		target, err := filepath.EvalSymlinks(s.link)
		require.NoError(t, err)
		refused(s, s.link, target, info)
		s.untouched(t, s.secret)
	})
	t.Run("a folder on the way", func(t *testing.T) {
		s := newSwappable(t)
		info, target, err := lead(s.link)
		require.NoError(t, err)
		s.exchange(t)
		refused(s, s.link, target, info)
		s.untouched(t, s.open)
	})
	t.Run("the file, by a link", func(t *testing.T) {
		s := newSwappable(t)
		info, target, err := lead(s.open)
		require.NoError(t, err)
		require.NoError(t, os.Remove(s.open))
		require.NoError(t, os.Symlink("../b/file", s.open))
		refused(s, s.open, target, info)
		s.untouched(t, s.secret)
	})
	t.Run("nothing, by a file", func(t *testing.T) {
		s := newSwappable(t)
		name := filepath.Join(s.dir, "new")
		info, target, err := lead(name)
		require.NoError(t, err)
		require.Nil(t, info)
		require.NoError(t, os.Rename(s.secret, name))
		refused(s, name, target, info)
		s.untouched(t, name)
	})
}

// TestSwappedBeforeItIsWritten: once a place is settled, a write goes to it or nowhere.
func TestSwappedBeforeItIsWritten(t *testing.T) {
	t.Run("a folder on the way", func(t *testing.T) {
		s := newSwappable(t)
		p, err := locate(s.link)
		require.NoError(t, err)
		r := &replacement{place: p, text: []byte("new")}
		s.exchange(t)
		require.NoError(t, r.stage())
		s.exchange(t)
		s.exchange(t)
		require.NoError(t, r.commit())
		r.discard()
		s.untouched(t, s.open) // in the other's place
		text, err := os.ReadFile(s.secret)
		require.NoError(t, err)
		assert.Equal(t, "new", string(text))
	})
	t.Run("the file, where it cannot be replaced", func(t *testing.T) {
		s := newSwappable(t)
		p, err := locate(s.open)
		require.NoError(t, err)
		r := &replacement{place: p, text: []byte("new")}
		defer r.discard()
		require.NoError(t, os.Remove(s.open))
		require.NoError(t, os.Link(s.secret, s.open))
		assert.ErrorIs(t, r.overwrite(), errMoved)
		s.untouched(t, s.secret)
	})
	t.Run("a pipe, by a file", func(t *testing.T) {
		s := newSwappable(t)
		pipe := filepath.Join(s.dir, "pipe")
		require.NoError(t, syscall.Mkfifo(pipe, 0o666))
		p, err := locate(pipe)
		require.NoError(t, err)
		r := &replacement{place: p, text: []byte("new")}
		require.NoError(t, os.Remove(pipe))
		require.NoError(t, os.Symlink("b/file", pipe))
		assert.ErrorIs(t, r.commit(), errMoved)
		s.untouched(t, s.secret)
	})
	t.Run("a document, once it was read", func(t *testing.T) {
		s := newSwappable(t)
		text, err := os.ReadFile(s.link)
		require.NoError(t, err)
		s.lead(t, "b/file")
		assert.ErrorContains(t, replaceRead(s.link, text, []byte("mended")), "changed since it was read")
		s.untouched(t, s.secret)
		s.lead(t, "a/file")
		assert.NoError(t, replaceRead(s.link, text, []byte("mended")))
	})
}

// TestSwappedAllTheTime writes to a link that somebody swaps all the time: the files keep
// their modes, and nothing is left beside them.
func TestSwappedAllTheTime(t *testing.T) {
	s := newSwappable(t)
	stop := make(chan struct{})
	var swapping sync.WaitGroup
	swapping.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			next := fmt.Sprintf("%s.%d", s.link, i)
			if os.Symlink([]string{"b/file", "a/file"}[i%2], next) != nil || os.Rename(next, s.link) != nil {
				return
			}
		}
	})
	written := 0
	for i := range 500 {
		if err := replaceFile(s.link, []byte("new")); err == nil {
			written++
		} else {
			require.ErrorIs(t, err, errMoved)
		}
		for name, want := range map[string]fs.FileMode{s.secret: 0o600, s.open: 0o666} {
			info, err := os.Lstat(name)
			require.NoError(t, err)
			require.Equal(t, want, info.Mode(), "%s, after write %d", name, i)
		}
	}
	close(stop)
	swapping.Wait()
	t.Logf("%d of 500 writes were made", written)
	for _, name := range []string{s.open, s.secret} {
		entries, err := os.ReadDir(filepath.Dir(name))
		require.NoError(t, err)
		assert.Len(t, entries, 1)
	}
}

// TestReplaceInClosedFolder: a folder that can be written to and not read takes a new file, and
// one that is only passed through has its files written over.
func TestReplaceInClosedFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads every folder")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.Chmod(dir, 0o300))
	require.NoError(t, replaceable(file))
	require.NoError(t, replaceFile(file, []byte("a")))
	require.NoError(t, os.Chmod(dir, 0o100))
	require.NoError(t, replaceable(file))
	require.NoError(t, replaceFile(file, []byte("b")))
	require.ErrorIs(t, replaceFile(filepath.Join(dir, "other"), []byte("b")), fs.ErrPermission)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "b", string(text))
	require.NoError(t, os.Chmod(dir, 0o700))
}
