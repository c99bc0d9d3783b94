// SPDX-License-Identifier: Apache-2.0

// Package arch is a stub until its tables land.
package arch

import (
	"errors"
	"iter"
)

type Arch uint8

const (
	X86_64 Arch = iota + 1
	X86
	X32
	AArch64
	ARM
	LoongArch64
	M68K
	MIPS
	MIPSEL
	MIPS64
	MIPSEL64
	MIPS64N32
	MIPSEL64N32
	PARISC
	PARISC64
	PPC
	PPC64
	PPC64LE
	RISCV64
	S390
	S390X
	SH
	SHEB
	RISCV32
)

type Kernel uint16

const Newest = Kernel(7<<8 | 2)

func ParseKernel(s string) (Kernel, error)                    { return 0, errors.New("stub") }
func (k Kernel) String() string                               { return "" }
func Native() Arch                                            { return X86_64 }
func All() []Arch                                             { return nil }
func Parse(name string) (Arch, error)                         { return 0, errors.New("stub") }
func Of(audit, nr uint32) (Arch, bool)                        { return 0, false }
func BigEndian(audit uint32) bool                             { return audit&0x40000000 == 0 }
func (a Arch) String() string                                 { return "" }
func (a Arch) Token() string                                  { return "" }
func (a Arch) GOARCH() string                                 { return "" }
func (a Arch) Audit() uint32                                  { return 0 }
func (a Arch) BigEndian() bool                                { return BigEndian(a.Audit()) }
func (a Arch) Valid() bool                                    { return a >= X86_64 && a <= RISCV32 }
func (a Arch) Bits() int                                      { return 64 }
func (a Arch) Base() uint32                                   { return 0 }
func (a Arch) Number(name string) (uint32, bool)              { return 0, false }
func (a Arch) Name(nr uint32) (string, bool)                  { return "", false }
func (a Arch) Since(nr uint32) Kernel                         { return 0 }
func (a Arch) Calls() iter.Seq2[uint32, string]               { return func(func(uint32, string) bool) {} }
func (a Arch) Multiplexer(name string) (string, uint32, bool) { return "", 0, false }
func Known(name string) bool                                  { return false }
func Suggest(name string) string                              { return "" }
func Width(name string, index int) (bits int, ok bool)        { return 0, false }
