// SPDX-License-Identifier: Apache-2.0

// Repository makes a repository, commits to it, and clones it: repository DIR.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/transport/client"
	"github.com/go-git/go-git/v5/plumbing/transport/server"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(dir string) error {
	origin := filepath.Join(dir, "origin")
	repository, err := git.PlainInit(origin, false)
	if err != nil {
		return err
	}
	tree, err := repository.Worktree()
	if err != nil {
		return err
	}
	for i := range 5 {
		name := fmt.Sprintf("file%d", i)
		if err := os.WriteFile(filepath.Join(origin, name), []byte(name), 0o644); err != nil {
			return err
		}
		if _, err := tree.Add(name); err != nil {
			return err
		}
		who := &object.Signature{Name: "A", Email: "a@example.com", When: time.Unix(int64(i), 0)}
		if _, err := tree.Commit("add "+name, &git.CommitOptions{Author: who}); err != nil {
			return err
		}
	}
	// The server stands in this program: git's own would be a child.
	client.InstallProtocol("file", server.NewClient(server.NewFilesystemLoader(osfs.New("/"))))
	clone, err := git.PlainClone(filepath.Join(dir, "clone"), false, &git.CloneOptions{URL: "file://" + filepath.Join(origin, ".git")})
	if err != nil {
		return err
	}
	head, err := clone.Head()
	if err != nil {
		return err
	}
	fmt.Println("cloned", head.Hash())
	return nil
}
