// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	scmp "github.com/seccomp/libseccomp-golang"

	"github.com/gosieve/sieve/bench/dropin"
)

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
