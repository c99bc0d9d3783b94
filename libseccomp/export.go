// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"encoding/binary"
	"fmt"
	"os"

	"github.com/gosieve/sieve/bpf"
)

// ExportBPF writes the filter's program, in the byte order of its ABIs. bpf.ErrTooLong of
// Sieve means that one program cannot hold it, which Load does not mind.
func (f *ScmpFilter) ExportBPF(file *os.File) error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	b, err := f.program()
	if err != nil {
		return err
	}
	return f.save(file, b)
}

// ExportBPFMem is what ExportBPF writes.
func (f *ScmpFilter) ExportBPFMem() ([]byte, error) {
	if err := f.holdWhole(); err != nil {
		return nil, err
	}
	defer f.lock.Unlock()
	return f.program()
}

func (f *ScmpFilter) program() ([]byte, error) {
	filter, err := f.compile()
	if err != nil {
		return nil, err
	}
	if len(filter) > 1 {
		return nil, fmt.Errorf("one program of %d instructions cannot hold the filter, it takes %d programs: %w", bpf.MaxInstructions, len(filter), bpf.ErrTooLong)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if f.tables[0].abi.BigEndian() {
		order = binary.BigEndian
	}
	return filter[0].AppendBinary(nil, order), nil
}

// ExportPFC writes the filter's rules as text for people, in the order in which they are
// tried. It has the outline of libseccomp's, but a condition is one comparison of all 64 bits.
func (f *ScmpFilter) ExportPFC(file *os.File) error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	return f.save(file, f.pseudoCode())
}

// save writes to a file, which may be nil or closed.
func (f *ScmpFilter) save(file *os.File, b []byte) error {
	_, err := file.Write(b)
	return f.kernelError(err)
}
