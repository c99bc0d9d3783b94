// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	scmp "github.com/seccomp/libseccomp-golang"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// exported is libseccomp's filter for one ABI that allows a call and denies all others. With
// conditions each of them is a rule's.
func exported(t *testing.T, abi scmp.ScmpArch, order binary.ByteOrder, call string, conditions ...scmp.ScmpCondition) seccomp.Filter {
	t.Helper()
	filter, err := scmp.NewFilter(scmp.ActErrno.SetReturnCode(1))
	if err != nil {
		t.Fatal(err)
	}
	defer filter.Release()
	native, err := scmp.GetNativeArch()
	if err != nil {
		t.Fatal(err)
	}
	if abi != native {
		if err := filter.RemoveArch(native); err != nil {
			t.Fatal(err)
		}
		if err := filter.AddArch(abi); err != nil {
			t.Fatal(err)
		}
	}
	nr, err := scmp.GetSyscallFromName(call)
	if err != nil {
		t.Fatal(err)
	}
	if len(conditions) == 0 {
		err = filter.AddRule(nr, scmp.ActAllow)
	}
	for _, c := range conditions {
		if err == nil {
			err = filter.AddRuleConditional(nr, scmp.ActAllow, []scmp.ScmpCondition{c})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "bpf")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := filter.ExportBPF(file); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	program, err := bpf.Decode(raw, order)
	if err != nil {
		t.Fatal(err)
	}
	return seccomp.Filter{program}
}

// TestDeviationByteOrder: libseccomp does not take ABIs of both byte orders into one
// filter, and runc always has the native one in it (byte-order).
func TestDeviationByteOrder(t *testing.T) {
	native, err := scmp.GetNativeArch()
	if err != nil {
		t.Fatal(err)
	}
	order := arch.Native().BigEndian()
	for a, s := range scmpArches() {
		if s == native {
			continue
		}
		filter, err := scmp.NewFilter(scmp.ActErrno.SetReturnCode(1))
		if err != nil {
			t.Fatal(err)
		}
		err = filter.AddArch(s)
		if err != nil && strings.Contains(err.Error(), "not supported on this version") {
			filter.Release()
			continue // the library knows its name and no more
		}
		if (err == nil) != (a.BigEndian() == order) {
			t.Errorf("%v beside %v: %v", a, arch.Native(), err)
		}
		filter.Release()
	}
}

// TestDeviationX32Alone: 0xffffffff is x32's for libseccomp where x86_64 is not listed
// (x32-alone).
func TestDeviationX32Alone(t *testing.T) {
	filter := exported(t, scmp.ArchX32, binary.LittleEndian, "read")
	if got := filter.Run(&seccomp.Call{Audit: arch.X32.Audit(), Nr: 0xffffffff}); got != seccomp.Errno(1) {
		t.Errorf("got %v, want the default", got)
	}
}

// TestDeviationSocketcall: libseccomp compares all of socketcall's first argument on
// ABIs of 64 bits, of which the kernel reads the low half (socketcall-width).
func TestDeviationSocketcall(t *testing.T) {
	for abi, s := range map[arch.Arch]scmp.ScmpArch{arch.S390X: scmp.ArchS390X, arch.PPC64: scmp.ArchPPC64, arch.PPC64LE: scmp.ArchPPC64LE} {
		order := binary.ByteOrder(binary.LittleEndian)
		if abi.BigEndian() {
			order = binary.BigEndian
		}
		filter := exported(t, s, order, "socket")
		nr, _ := abi.Number("socketcall")
		for arg, want := range map[uint64]seccomp.Action{1: seccomp.Allow, 1<<32 | 1: seccomp.Errno(1)} {
			if got := filter.Run(&seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{arg}}); got != want {
				t.Errorf("%v: socketcall(%#x) gets %v, want %v", abi, arg, got, want)
			}
		}
	}
}

// TestDeviationOrder: of LT 5 and LT 0x100000005 libseccomp up to 2.6.0 holds 5 to meet
// neither; with one upper half it decides as it should (libseccomp-order).
func TestDeviationOrder(t *testing.T) {
	if major, minor, micro := scmp.GetLibraryVersion(); major > 2 || minor > 6 || minor == 6 && micro > 0 {
		t.Skipf("measured up to libseccomp 2.6.0, this is %d.%d.%d", major, minor, micro)
	}
	below := func(n uint64) scmp.ScmpCondition {
		c, err := scmp.MakeCondition(0, scmp.CompareLess, n)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	nr, _ := arch.X86_64.Number("read")
	for other, want := range map[uint64]seccomp.Action{1<<32 | 5: seccomp.Errno(1), 7: seccomp.Allow} {
		filter := exported(t, scmp.ArchAMD64, binary.LittleEndian, "read", below(5), below(other))
		if got := filter.Run(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr, Args: [6]uint64{5}}); got != want {
			t.Errorf("LT 5 and LT %#x: read(5) gets %v, want %v", other, got, want)
		}
	}
}
