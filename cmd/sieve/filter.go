// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/seccomp"
)

// open is the named file, or standard input for "-".
func open(cmd *cli.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		in := inputsOf(cmd)
		if in.stdin {
			return nil, errors.New("standard input can be read once, and two files are -")
		}
		in.stdin = true
		return io.NopCloser(cmd.Root().Reader), nil
	}
	return os.Open(name)
}

// maxFile bounds what is read of a file, in bytes: the largest profile in use has
// some 50 KB and the largest program 32.
const maxFile = 64 << 20

// readFile reads a file or standard input whole. More than maxFile is refused: a name may
// lead to a device that never ends.
func readFile(cmd *cli.Command, name string) ([]byte, error) {
	f, err := open(cmd, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if errors.Is(err, syscall.EISDIR) {
		return nil, fmt.Errorf("%s: %w, want a file", name, syscall.EISDIR)
	}
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("%s: larger than %d bytes", shown(name), maxFile)
	}
	return b, err
}

// readFilter reads a raw filter: FILE or, if there is no such file, the stack FILE.0,
// FILE.1, ... up to the first that is missing. The kernel runs all programs of a stack
// and takes the strictest answer (seccomp(2)). If there is neither, the error names FILE.
func readFilter(cmd *cli.Command, name string) (seccomp.Filter, error) {
	program, err := readProgram(cmd, name)
	if err == nil {
		return seccomp.Filter{program}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var stack seccomp.Filter
	for {
		program, next := readProgram(cmd, stackName(name, len(stack)))
		if errors.Is(next, fs.ErrNotExist) {
			break
		}
		if next != nil {
			return nil, next
		}
		stack = append(stack, program)
	}
	if len(stack) == 0 {
		return nil, err
	}
	return stack, nil
}

// readStack is readFilter where a profile is read too, and there is no file of that name.
func readStack(cmd *cli.Command, name string) (seccomp.Filter, error) {
	filter, err := readFilter(cmd, name)
	return filter, unreadable(name, err)
}

// stackName is the file of one program of a stack. The first to be installed is 0.
func stackName(name string, i int) string { return name + "." + strconv.Itoa(i) }

// readProgram reads one file of a filter, an array of struct sock_filter of 8 bytes each.
func readProgram(cmd *cli.Command, name string) (bpf.Program, error) {
	raw, err := readFile(cmd, name)
	if err != nil {
		return nil, err
	}
	return decodeProgram(cmd, name, raw)
}

// decodeFilter decodes a filter of one program.
func decodeFilter(cmd *cli.Command, name string, raw []byte) (seccomp.Filter, error) {
	program, err := decodeProgram(cmd, name, raw)
	if err != nil {
		return nil, err
	}
	return seccomp.Filter{program}, nil
}

// decodeProgram reads a program in the byte order of --arch or, without it, in the order
// in which it is a program that the kernel takes: bytes in the wrong order do not pass
// the check. If neither does, the error is that for little-endian.
func decodeProgram(cmd *cli.Command, name string, raw []byte) (bpf.Program, error) {
	orders := []binary.ByteOrder{binary.LittleEndian, binary.BigEndian}
	if cmd.IsSet("arch") {
		abi, err := archOf(cmd)
		if err != nil {
			return nil, err
		}
		orders = []binary.ByteOrder{byteOrder(abi)}
	}
	var first error
	for _, order := range orders {
		program, err := bpf.Decode(raw, order)
		if err == nil {
			err = program.Check()
		}
		if err == nil {
			return program, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, unfit(name, raw, first)
}

// writeFilter writes each program of a filter: to FILE, to standard output for "-" and
// "", and a stack to FILE.0, FILE.1, ... The files of a stack are replaced together,
// since a part of a stack allows more than the whole. What a format cannot say is an answer, 1.
func writeFilter(cmd *cli.Command, name string, filter seccomp.Filter, write programWriter) error {
	texts := make([][]byte, len(filter))
	for i, program := range filter {
		text, err := write(program)
		if err != nil {
			return &statusError{statusNo, err}
		}
		texts[i] = []byte(text)
	}
	if name == "" || name == "-" {
		if len(filter) != 1 {
			return fmt.Errorf("the filter is a stack of %d programs: -o FILE writes FILE.0, FILE.1 and so on", len(filter))
		}
		_, err := cmd.Root().Writer.Write(texts[0])
		return err
	}
	if len(filter) == 1 {
		return replaceFile(name, texts[0])
	}
	names := make([]string, len(filter))
	for i := range filter {
		names[i] = stackName(name, i)
	}
	return replaceFiles(names, texts)
}

// listing is a filter as commented assembler text, with a head for each program of a
// stack.
func listing(filter seccomp.Filter) string {
	var b strings.Builder
	for i, program := range filter {
		if len(filter) > 1 {
			fmt.Fprintf(&b, "; program %d of %d\n", i+1, len(filter))
		}
		b.WriteString(assembly(program))
	}
	return b.String()
}
