// SPDX-License-Identifier: Apache-2.0

// Walker adds up the sizes and the sums of the files below a folder: walker DIR.
package main

import (
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
)

func main() {
	var files, links int
	var size int64
	sum := crc32.NewIEEE()
	err := filepath.WalkDir(os.Args[1], func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Type()&fs.ModeSymlink != 0:
			links++
			_, err := os.Readlink(path)
			return err
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files, size = files+1, size+info.Size()
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		_, err = io.Copy(sum, file)
		_ = file.Close()
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d files, %d links, %d bytes, %08x\n", files, links, size, sum.Sum32())
}
