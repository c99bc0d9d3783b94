// SPDX-License-Identifier: Apache-2.0

// Command player plays scripts on the libseccomp-golang that it is built with. It reads
// lists of steps from standard input, one a line, and writes a list of replies for each.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"

	scmp "github.com/seccomp/libseccomp-golang"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bench/dropin"
)

func main() {
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<16))
	out := json.NewEncoder(os.Stdout)
	for {
		var steps []dropin.Step
		if err := in.Decode(&steps); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Encode(play(steps)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// play does the steps of one script, on filters of its own.
func play(steps []dropin.Step) []dropin.Reply {
	p := player{}
	defer func() {
		for _, f := range p {
			f.Release()
		}
	}()
	replies := make([]dropin.Reply, len(steps))
	for i := range steps {
		replies[i] = p.reply(&steps[i])
	}
	return replies
}

// player is the filters of a script.
type player map[int]*scmp.ScmpFilter

// reply does one step. A panic is a reply as well.
func (p player) reply(s *dropin.Step) (r dropin.Reply) {
	defer func() {
		if problem := recover(); problem != nil {
			r = dropin.Reply{Err: fmt.Sprint("panic: ", problem), Kind: "panic"}
		}
	}()
	value, err := p.do(s)
	if err != nil {
		return dropin.Reply{Err: err.Error(), Kind: kind(err)}
	}
	if raw, ok := value.([]byte); ok {
		return dropin.Reply{Bytes: raw}
	}
	if value == nil {
		return dropin.Reply{}
	}
	return dropin.Reply{Value: fmt.Sprint(value)}
}

// kind is what a caller can tell of an error without its text.
func kind(err error) string {
	var errno syscall.Errno
	var version scmp.VersionError
	var versionPointer *scmp.VersionError
	switch {
	case errors.Is(err, scmp.ErrSyscallDoesNotExist):
		return "ErrSyscallDoesNotExist"
	case errors.As(err, &errno):
		return strconv.Itoa(int(errno))
	case errors.As(err, &version), errors.As(err, &versionPointer):
		return "VersionError"
	}
	return "error"
}

// do makes the call of a step; each method of the API stands in one of the tables.
func (p player) do(s *dropin.Step) (any, error) {
	if call, ok := functions[s.Do]; ok {
		return call(s)
	}
	if s.Do == "NewFilter" {
		f, err := scmp.NewFilter(scmp.ScmpAction(s.Action))
		if f != nil {
			p[s.Filter] = f
		}
		return f != nil, err
	}
	f := p[s.Filter]
	if f == nil { // as a caller's zero value
		f = new(scmp.ScmpFilter)
	}
	if s.Do == "Merge" {
		other := p[s.Other]
		if other == nil {
			other = new(scmp.ScmpFilter)
		}
		return nil, f.Merge(other)
	}
	if call, ok := methods[s.Do]; ok {
		return call(f, s)
	}
	return nil, fmt.Errorf("no such step: %s", s.Do)
}

// functions are those of the package.
var functions = map[string]func(s *dropin.Step) (any, error){
	"GetAPI": func(*dropin.Step) (any, error) { return scmp.GetAPI() },
	"SetAPI": func(s *dropin.Step) (any, error) { return nil, scmp.SetAPI(uint(s.Value)) },
	"GetLibraryVersion": func(*dropin.Step) (any, error) {
		major, minor, micro := scmp.GetLibraryVersion()
		return fmt.Sprintf("%d.%d.%d", major, minor, micro), nil
	},
	"GetNativeArch":     func(*dropin.Step) (any, error) { return scmp.GetNativeArch() },
	"GetArchFromString": func(s *dropin.Step) (any, error) { return scmp.GetArchFromString(s.Name) },
	"GetSyscallFromName": func(s *dropin.Step) (any, error) {
		nr, err := scmp.GetSyscallFromName(s.Name)
		return int32(nr), err
	},
	"GetSyscallFromNameByArch": func(s *dropin.Step) (any, error) {
		nr, err := scmp.GetSyscallFromNameByArch(s.Name, scmp.ScmpArch(s.Arch))
		return int32(nr), err
	},
	"GetName": func(s *dropin.Step) (any, error) { return scmp.ScmpSyscall(s.Call).GetName() },
	"GetNameByArch": func(s *dropin.Step) (any, error) {
		return scmp.ScmpSyscall(s.Call).GetNameByArch(scmp.ScmpArch(s.Arch))
	},
	"MakeCondition": func(s *dropin.Step) (any, error) {
		var values []uint64
		for _, c := range s.Conditions {
			values = append(values, c.A)
		}
		c, err := scmp.MakeCondition(uint(s.Value), scmp.ScmpCompareOp(s.Action), values...)
		return fmt.Sprintf("%+v", c), err
	},
	"ScmpAction.String":        func(s *dropin.Step) (any, error) { return scmp.ScmpAction(s.Action).String(), nil },
	"ScmpAction.GetReturnCode": func(s *dropin.Step) (any, error) { return scmp.ScmpAction(s.Action).GetReturnCode(), nil },
	"ScmpAction.SetReturnCode": func(s *dropin.Step) (any, error) {
		return uint(scmp.ScmpAction(s.Action).SetReturnCode(int16(s.Value))), nil
	},
	"ScmpArch.String":      func(s *dropin.Step) (any, error) { return scmp.ScmpArch(s.Arch).String(), nil },
	"ScmpCompareOp.String": func(s *dropin.Step) (any, error) { return scmp.ScmpCompareOp(s.Action).String(), nil },
	"NotifReceive": func(s *dropin.Step) (any, error) {
		_, err := scmp.NotifReceive(scmp.ScmpFd(int32(s.Value)))
		return nil, err
	},
	"NotifRespond": func(s *dropin.Step) (any, error) {
		return nil, scmp.NotifRespond(scmp.ScmpFd(int32(s.Value)), &scmp.ScmpNotifResp{ID: 1})
	},
	"NotifIDValid": func(s *dropin.Step) (any, error) {
		return nil, scmp.NotifIDValid(scmp.ScmpFd(int32(s.Value)), 1)
	},
}

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
