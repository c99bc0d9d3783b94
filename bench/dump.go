// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// dump writes every program as an array of struct sock_filter, little-endian,
// with a file that says where each comes from.
func dump(dir string, ws []*workload, cs []*compiler) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var origin strings.Builder
	origin.WriteString("Arrays of struct sock_filter, little-endian, made by bench -dump. Each line: file, instructions, compiler and\n" +
		"version, document.\n\n")
	for _, w := range ws {
		for _, c := range cs {
			compile, err := c.prepare(w)
			if err != nil {
				fmt.Fprintf(&origin, "no program  %s, %s: %v\n", c.name, w.title, err)
				continue
			}
			f, err := compile()
			if err != nil {
				return fmt.Errorf("%s: %s: %w", c.name, w.name, err)
			}
			for i, p := range f {
				name := fmt.Sprintf("%s.%s.bpf", w.name, strings.ToLower(strings.ReplaceAll(c.name, " ", "")))
				if i > 0 {
					name += fmt.Sprintf(".%d", i)
				}
				if err := os.WriteFile(filepath.Join(dir, name), p.AppendBinary(nil, binary.LittleEndian), 0o644); err != nil {
					return err
				}
				fmt.Fprintf(&origin, "%-24s %5d  %s %s, %s\n", name, len(p), c.name, c.version, w.title)
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, "ORIGIN"), []byte(origin.String()), 0o644)
}
