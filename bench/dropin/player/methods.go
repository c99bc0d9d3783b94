// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"os"

	scmp "github.com/seccomp/libseccomp-golang"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bench/dropin"
)

// methods are those of a filter.
var methods = map[string]func(f *scmp.ScmpFilter, s *dropin.Step) (any, error){
	"IsValid":          func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.IsValid(), nil },
	"Reset":            func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.Reset(scmp.ScmpAction(s.Action)) },
	"Release":          func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { f.Release(); return nil, nil },
	"IsArchPresent":    func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return f.IsArchPresent(scmp.ScmpArch(s.Arch)) },
	"AddArch":          func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.AddArch(scmp.ScmpArch(s.Arch)) },
	"RemoveArch":       func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.RemoveArch(scmp.ScmpArch(s.Arch)) },
	"Precompute":       func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return nil, f.Precompute() },
	"GetDefaultAction": func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return asNumber(f.GetDefaultAction()) },
	"GetBadArchAction": func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return asNumber(f.GetBadArchAction()) },
	"GetNoNewPrivsBit": func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.GetNoNewPrivsBit() },
	"GetLogBit":        func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.GetLogBit() },
	"GetSSB":           func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.GetSSB() },
	"GetOptimize":      func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.GetOptimize() },
	"GetRawRC":         func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.GetRawRC() },
	"GetWaitKill":      func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.GetWaitKill() },
	"SetBadArchAction": func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) {
		return nil, f.SetBadArchAction(scmp.ScmpAction(s.Action))
	},
	"SetNoNewPrivsBit": func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.SetNoNewPrivsBit(s.Value != 0) },
	"SetLogBit":        func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.SetLogBit(s.Value != 0) },
	"SetSSB":           func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.SetSSB(s.Value != 0) },
	"SetOptimize":      func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.SetOptimize(int(int64(s.Value))) },
	"SetRawRC":         func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.SetRawRC(s.Value != 0) },
	"SetWaitKill":      func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) { return nil, f.SetWaitKill(s.Value != 0) },
	"SetSyscallPriority": func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) {
		nr, err := number(s)
		if err != nil {
			return nil, err
		}
		return nil, f.SetSyscallPriority(nr, uint8(s.Value))
	},
	"AddRule":                 rule((*scmp.ScmpFilter).AddRule),
	"AddRuleExact":            rule((*scmp.ScmpFilter).AddRuleExact),
	"AddRuleConditional":      conditional((*scmp.ScmpFilter).AddRuleConditional),
	"AddRuleConditionalExact": conditional((*scmp.ScmpFilter).AddRuleConditionalExact),
	"ExportPFC": func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) {
		_, err := written(f.ExportPFC)
		return nil, err
	},
	"ExportBPF":         func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return written(f.ExportBPF) },
	"ExportBPFMem":      func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return f.ExportBPFMem() },
	"GetNotifFd":        func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { _, err := f.GetNotifFd(); return nil, err },
	"TransactionStart":  func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return nil, f.TransactionStart() },
	"TransactionReject": func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { f.TransactionReject(); return nil, nil },
	"TransactionCommit": func(f *scmp.ScmpFilter, _ *dropin.Step) (any, error) { return nil, f.TransactionCommit() },
}

func asNumber(a scmp.ScmpAction, err error) (any, error) { return uint(a), err }

// number is the call that a step speaks of.
func number(s *dropin.Step) (scmp.ScmpSyscall, error) {
	if s.Name == "" {
		return scmp.ScmpSyscall(s.Call), nil
	}
	return scmp.GetSyscallFromName(s.Name)
}

func rule(add func(*scmp.ScmpFilter, scmp.ScmpSyscall, scmp.ScmpAction) error) func(*scmp.ScmpFilter, *dropin.Step) (any, error) {
	return func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) {
		nr, err := number(s)
		if err != nil {
			return nil, err
		}
		return nil, add(f, nr, scmp.ScmpAction(s.Action))
	}
}

func conditional(add func(*scmp.ScmpFilter, scmp.ScmpSyscall, scmp.ScmpAction, []scmp.ScmpCondition) error) func(*scmp.ScmpFilter, *dropin.Step) (any, error) {
	return func(f *scmp.ScmpFilter, s *dropin.Step) (any, error) {
		nr, err := number(s)
		if err != nil {
			return nil, err
		}
		var list []scmp.ScmpCondition
		for _, c := range s.Conditions {
			list = append(list, scmp.ScmpCondition{Argument: c.Argument, Op: scmp.ScmpCompareOp(c.Op), Operand1: c.A, Operand2: c.B})
		}
		return nil, add(f, nr, scmp.ScmpAction(s.Action), list)
	}
}

// written is what export writes to a file.
func written(export func(*os.File) error) ([]byte, error) {
	fd, err := unix.MemfdCreate("filter", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "filter")
	defer file.Close()
	if err := export(file); err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(file)
}
