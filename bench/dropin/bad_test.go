// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"fmt"
	"slices"
	"strings"
)

// allMethods are a filter's.
var allMethods = []string{
	"IsValid", "Reset", "IsArchPresent", "AddArch", "RemoveArch", "Precompute", "GetDefaultAction", "GetBadArchAction",
	"GetNoNewPrivsBit", "GetLogBit", "GetSSB", "GetOptimize", "GetRawRC", "GetWaitKill", "SetBadArchAction", "SetNoNewPrivsBit",
	"SetLogBit", "SetSSB", "SetOptimize", "SetRawRC", "SetWaitKill", "SetSyscallPriority", "AddRule", "AddRuleExact",
	"AddRuleConditional", "AddRuleConditionalExact", "ExportPFC", "ExportBPF", "ExportBPFMem", "GetNotifFd", "TransactionStart",
	"TransactionCommit", "TransactionReject", "IsArchPresent", "IsValid",
}

// each is a step for each method, with arguments that a valid filter takes.
func each(filter int) (steps []Step) {
	for _, name := range allMethods {
		steps = append(steps, Step{Do: name, Filter: filter, Arch: 2, Action: Allow, Value: 1, Conditions: eq(0, 1)})
	}
	return steps
}

// without is the steps whose names do not begin so.
func without(prefix string, steps []Step) []Step {
	return slices.DeleteFunc(steps, func(s Step) bool { return strings.HasPrefix(s.Do, prefix) })
}

func eq(argument uint, value uint64) []Condition {
	return []Condition{{Argument: argument, Op: EQ, A: value}}
}

var start = Step{Do: "NewFilter", Action: Errno | 1<<16}

// bad are scripts of calls with bad input, and of what they leave behind.
func bad() map[string][]Step {
	list := map[string][]Step{
		"conditions": {
			start,
			{Do: "AddRuleConditional", Name: "read", Action: Allow},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: eq(6, 1)},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: eq(1<<32, 1)},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: []Condition{{0, 0, 1, 0}}},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: []Condition{{0, 8, 1, 0}}},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: []Condition{{0, EQ, 1, 0}, {0, EQ, 1, 0}}},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: []Condition{{0, EQ, 1, 0}, {1, EQ, 1, 0}, {2, EQ, 1, 0}, {3, EQ, 1, 0}, {4, EQ, 1, 0}, {5, EQ, 1, 0}}},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: []Condition{{0, EQ, 1, 0}, {1, EQ, 1, 0}, {2, EQ, 1, 0}, {3, EQ, 1, 0}, {4, EQ, 1, 0}, {5, EQ, 1, 0}, {5, EQ, 1, 0}}},
			{Do: "AddRuleConditional", Name: "close", Action: Allow, Conditions: []Condition{{0, MaskedEQ, 0, 0}}},
			{Do: "AddRuleConditional", Name: "dup", Action: Allow, Conditions: []Condition{{0, MaskedEQ, 1, 6}}},
			{Do: "ExportBPF"},
		},
		"conflicts": {
			start,
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: eq(0, 1)},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: eq(0, 1)},
			{Do: "AddRuleConditional", Name: "write", Action: Trap, Conditions: eq(0, 1)},
			{Do: "AddRuleConditional", Name: "write", Action: Trap, Conditions: append(eq(0, 1), eq(1, 1)...)},
			{Do: "AddRuleConditional", Name: "write", Action: Trap, Conditions: append(eq(0, 2), eq(1, 1)...)},
			{Do: "AddRuleConditional", Name: "write", Action: Allow, Conditions: eq(0, 2)},
			{Do: "AddRuleConditional", Name: "write", Action: Trap, Conditions: eq(0, 2)},
			{Do: "AddRule", Name: "write", Action: Log},
			{Do: "AddRule", Name: "write", Action: Trap},
			{Do: "AddRuleConditional", Name: "write", Action: Trap, Conditions: eq(0, 2)},
			{Do: "ExportBPF"},
		},
		"the default's action": {
			start,
			{Do: "AddRule", Name: "read", Action: Errno | 1<<16},
			{Do: "AddRule", Name: "read", Action: Errno | 2<<16},
			{Do: "AddRule", Call: 1000000, Action: Errno | 1<<16},
			{Do: "AddRuleConditional", Name: "read", Action: Errno | 1<<16, Conditions: eq(9, 1)},
			{Do: "AddRule", Call: -5, Action: Errno | 1<<16},
		},
		"ABIs": {
			start,
			{Do: "AddArch", Arch: scmpNative}, {Do: "AddArch", Arch: 3}, {Do: "AddArch", Arch: 2}, {Do: "AddArch", Arch: 2},
			{Do: "AddRuleExact", Name: "read", Action: Allow},
			{Do: "RemoveArch", Arch: 2}, {Do: "RemoveArch", Arch: 2},
			{Do: "AddRuleExact", Name: "read", Action: Allow},
			{Do: "AddRuleExact", Name: "mmap2", Action: Allow},
			{Do: "AddArch"}, {Do: "AddArch", Arch: 25}, {Do: "AddArch", Arch: 1 << 40}, {Do: "RemoveArch"}, {Do: "RemoveArch", Arch: 25},
			{Do: "IsArchPresent"}, {Do: "IsArchPresent", Arch: 25}, {Do: "IsArchPresent", Arch: scmpNative}, {Do: "IsArchPresent", Arch: 2},
			{Do: "ExportBPF"},
		},
		"no ABI": append([]Step{start, {Do: "RemoveArch", Arch: scmpNative}, {Do: "IsArchPresent", Arch: scmpNative}}, without("Transaction", each(0))...), // whose rejection ends in libseccomp's memory
		"no ABI, then one of the other byte order": {
			start, {Do: "RemoveArch", Arch: scmpNative}, {Do: "AddArch", Arch: 17}, {Do: "AddArch", Arch: 16}, {Do: "AddArch", Arch: 3},
			{Do: "AddRule", Name: "read", Action: Allow},
		},
		"released":                    append([]Step{start, {Do: "Release"}, {Do: "Release"}}, each(0)...),
		"zero value":                  append([]Step{{Do: "Release"}}, each(0)...),
		"a rule after the export":     {start, {Do: "ExportBPF"}, {Do: "AddRule", Name: "read", Action: Allow}, {Do: "ExportBPF"}},
		"merged with a released one":  {start, {Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, {Do: "Release", Filter: 1}, {Do: "Merge", Other: 1}, {Do: "IsValid"}},
		"merged with a zero value":    {start, {Do: "Merge", Other: 7}, {Do: "IsValid"}},
		"merged with a common ABI":    {start, {Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, {Do: "Merge", Other: 1}, {Do: "IsValid"}, {Do: "IsValid", Filter: 1}},
		"merged with another default": merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 2<<16}),
		"merged with another bit":     merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, Step{Do: "SetNoNewPrivsBit", Filter: 1}),
		"merged with a big one":       merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, Step{Do: "RemoveArch", Filter: 1, Arch: 1}, Step{Do: "AddArch", Filter: 1, Arch: 17}, Step{Do: "AddRule", Filter: 1, Name: "close", Action: Allow}),
		"merged without an ABI":       append([]Step{start, {Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, {Do: "RemoveArch", Filter: 1, Arch: 1}}, Step{Do: "Merge", Other: 1}, Step{Do: "IsValid", Filter: 1}),
		"merged": append(append(merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}), each(1)...),
			Step{Do: "IsArchPresent", Arch: 2}, Step{Do: "AddRule", Name: "dup", Action: Allow}, Step{Do: "ExportBPF"}),
		"reset": {
			start, {Do: "SetNoNewPrivsBit"}, {Do: "SetOptimize", Value: 2}, {Do: "SetRawRC", Value: 1}, {Do: "SetBadArchAction", Action: Allow},
			{Do: "AddArch", Arch: 2}, {Do: "AddRule", Name: "read", Action: Allow}, {Do: "Reset", Action: 77}, {Do: "Reset", Action: Allow | 1<<16},
			{Do: "Reset"}, {Do: "Reset", Action: Log}, {Do: "GetDefaultAction"}, {Do: "GetBadArchAction"}, {Do: "GetNoNewPrivsBit"},
			{Do: "GetOptimize"}, {Do: "GetRawRC"}, {Do: "IsArchPresent", Arch: 2}, {Do: "IsArchPresent", Arch: 3}, {Do: "ExportBPF"},
		},
		"attributes": {
			start, {Do: "GetDefaultAction"}, {Do: "GetBadArchAction"}, {Do: "GetNoNewPrivsBit"}, {Do: "GetLogBit"}, {Do: "GetSSB"},
			{Do: "GetOptimize"}, {Do: "GetRawRC"}, {Do: "GetWaitKill"}, {Do: "SetNoNewPrivsBit"}, {Do: "GetNoNewPrivsBit"},
			{Do: "SetLogBit", Value: 1}, {Do: "GetLogBit"}, {Do: "SetSSB", Value: 1}, {Do: "GetSSB"}, {Do: "SetRawRC", Value: 1},
			{Do: "GetRawRC"}, {Do: "SetWaitKill", Value: 1}, {Do: "GetWaitKill"}, {Do: "SetLogBit"}, {Do: "GetLogBit"},
			{Do: "SetOptimize"}, {Do: "SetOptimize", Value: 3}, {Do: "SetOptimize", Value: ^uint64(0)}, {Do: "SetOptimize", Value: 2}, {Do: "GetOptimize"},
			{Do: "SetOptimize", Value: 1<<32 + 1}, {Do: "SetOptimize", Value: 1}, {Do: "GetOptimize"}, {Do: "GetNotifFd"},
		},
		"transactions": {
			start, {Do: "TransactionCommit"}, {Do: "TransactionReject"}, {Do: "TransactionStart"}, {Do: "AddRule", Name: "read", Action: Allow},
			{Do: "TransactionReject"}, {Do: "ExportBPF"}, {Do: "TransactionStart"}, {Do: "AddRule", Name: "write", Action: Allow},
			{Do: "TransactionStart"}, {Do: "AddRule", Name: "close", Action: Allow}, {Do: "AddArch", Arch: 2}, {Do: "TransactionCommit"},
			{Do: "ExportBPF"}, {Do: "IsArchPresent", Arch: 2}, {Do: "TransactionReject"}, {Do: "ExportBPF"}, {Do: "IsArchPresent", Arch: 2}, {Do: "TransactionCommit"},
		},
		"newer calls":                      {start, {Do: "GetWaitKill"}},
		"newer calls, a program in memory": {start, {Do: "ExportBPFMem"}},
		"newer calls, before a program":    {start, {Do: "Precompute"}, {Do: "AddRule", Name: "read", Action: Allow}, {Do: "Precompute"}, {Do: "ExportBPF"}},
		"closed descriptors": {
			{Do: "NotifReceive", Value: 0xffffffff}, {Do: "NotifRespond", Value: 0xffffffff}, {Do: "NotifIDValid", Value: 0xffffffff},
			{Do: "NotifReceive", Value: 9999}, {Do: "NotifRespond", Value: 9999}, {Do: "NotifIDValid", Value: 9999},
		},
		"numbers": {start}, "numbers beside another ABI": {start, {Do: "AddArch", Arch: 2}},
		"numbers on another ABI": {start, {Do: "RemoveArch", Arch: scmpNative}, {Do: "AddArch", Arch: 2}},
		"actions":                {}, "strings": {}, "ABIs by name": {}, "MakeCondition": {},
	}
	for name := range list {
		if !strings.HasPrefix(name, "numbers") {
			continue
		}
		for i, nr := range []int32{0, -1, -2, -50, -99, -100, -101, -120, -121, -200, -201, -224, -225, -10001, -10002, -10240, -10500, -20000, 102, 117, 334, 600, 1000, 1 << 30, 1<<30 + 5, 1<<31 - 1, -1 << 31} {
			argument := eq(uint(i%6), uint64(i))
			list[name] = append(list[name], Step{Do: "AddRuleConditional", Call: nr, Action: Allow, Conditions: argument},
				Step{Do: "AddRuleConditionalExact", Call: nr, Action: Allow, Conditions: argument},
				Step{Do: "AddRuleExact", Call: nr, Action: Allow}, Step{Do: "AddRule", Call: nr, Action: Allow},
				Step{Do: "SetSyscallPriority", Call: nr, Value: 255}, Step{Do: "GetName", Call: nr})
		}
		for _, call := range []string{"socket", "socketcall", "ipc", "semget", "mmap2", "open", "nosuchcall", ""} {
			list[name] = append(list[name], Step{Do: "AddRuleConditionalExact", Name: call, Action: Allow, Conditions: eq(1, 1)},
				Step{Do: "AddRuleExact", Name: call, Action: Allow}, Step{Do: "SetSyscallPriority", Name: call, Value: 1}, Step{Do: "GetSyscallFromName", Name: call})
		}
		list[name] = append(list[name], Step{Do: "ExportBPF"})
	}
	list["actions"] = actions()
	for a := range uint(scmpArches) {
		list["strings"] = append(list["strings"], Step{Do: "ScmpArch.String", Arch: a}, Step{Do: "ScmpCompareOp.String", Action: a})
	}
	for _, name := range []string{"x86", "X86", "amd64", "x86-64", "x86_64", "x64", "AMD64", "x32", "arm", "arm64", "aarch64", "mips", "mips64", "mips64n32", "mipsel", "mipsel64",
		"mipsel64n32", "ppc", "ppc64", "ppc64le", "s390", "s390x", "parisc", "parisc64", "riscv64", "loong64", "loongarch64", "m68k", "sh", "sheb", "", "native", "i386", "ppc64el", "riscv", "SCMP_ARCH_X86", "x86_64 "} {
		list["ABIs by name"] = append(list["ABIs by name"], Step{Do: "GetArchFromString", Name: name})
	}
	for op := range uint(10) {
		for _, argument := range []uint64{0, 5, 6, 1 << 32} {
			for n := range 4 {
				list["MakeCondition"] = append(list["MakeCondition"], Step{Do: "MakeCondition", Value: argument, Action: op, Conditions: []Condition{{A: 7}, {A: 8}, {A: 9}}[:n]})
			}
		}
	}
	return list
}

// merged is a merge of a filter with that of other steps, which has x86 in place of the native ABI,
// and what is there then.
func merged(other ...Step) []Step {
	steps := append([]Step{start, {Do: "AddRule", Name: "read", Action: Allow}}, other...)
	steps = append(steps, Step{Do: "RemoveArch", Filter: 1, Arch: 1}, Step{Do: "AddArch", Filter: 1, Arch: 2}, Step{Do: "AddRule", Filter: 1, Name: "write", Action: Allow})
	return append(steps, Step{Do: "Merge", Other: 1}, Step{Do: "IsValid"}, Step{Do: "IsValid", Filter: 1}, Step{Do: "ExportBPF"})
}

// actions are all that have a number of the API's, and more, with data.
func actions() (steps []Step) {
	i := 0
	for kind := range uint(11) {
		for _, data := range []uint{0, 1, 4094, 4095, 4096, 0x7fff, 0x8000, 0xffff, 0x10000} {
			a := kind | data<<16
			i++
			steps = append(steps, Step{Do: "ScmpAction.String", Action: a}, Step{Do: "ScmpAction.GetReturnCode", Action: a},
				Step{Do: "ScmpAction.SetReturnCode", Action: a, Value: uint64(data)}, Step{Do: "ScmpAction.SetReturnCode", Action: kind, Value: uint64(data)},
				Step{Do: "NewFilter", Filter: i, Action: a}, Step{Do: "GetDefaultAction", Filter: i},
				Step{Do: "NewFilter", Filter: -i, Action: KillThread}, Step{Do: "AddRule", Filter: -i, Name: "read", Action: a},
				Step{Do: "NewFilter", Filter: 1000 + i, Action: Log}, Step{Do: "AddRule", Filter: 1000 + i, Name: "read", Action: a},
				Step{Do: "SetBadArchAction", Filter: -i, Action: a}, Step{Do: "GetBadArchAction", Filter: -i}, Step{Do: "ExportBPF", Filter: -i},
				Step{Do: "Reset", Filter: -i, Action: a}, Step{Do: "GetDefaultAction", Filter: -i}, Step{Do: "ExportBPF", Filter: -i})
			if kind >= KillThread && kind <= KillProcess {
				steps = append(steps, Step{Do: "ExportBPF", Filter: 1000 + i})
			}
		}
	}
	return steps
}

// levels are scripts that set an API level and do what depends on it, up to the highest that
// a library has and around the range.
func levels(highest uint64) map[string][]Step {
	list := map[string][]Step{}
	for level := range highest + 1 {
		const rules = 100 // a filter of its own: Reset takes it the flag that rules for Notify may not stand beside
		steps := []Step{{Do: "SetAPI", Value: level}, {Do: "NewFilter", Filter: rules, Action: Trace | 7<<16}}
		for _, out := range []uint64{0, 8, 9, 100, 1<<32 - 1} {
			steps = append(steps, Step{Do: "SetAPI", Value: out})
		}
		if level > 0 {
			steps = append(steps, Step{Do: "GetAPI"})
		}
		for i, action := range []uint{KillThread, Trap, Notify, Errno | 1<<16, Trace | 1<<16, Allow, Log, KillProcess} {
			steps = append(steps, Step{Do: "NewFilter", Filter: i, Action: action}, Step{Do: "SetBadArchAction", Filter: i, Action: action},
				Step{Do: "AddRule", Filter: rules, Name: "read", Action: action}, Step{Do: "GetDefaultAction", Filter: i}, Step{Do: "Reset", Filter: i, Action: action})
		}
		for _, name := range []string{"GetLogBit", "SetLogBit", "GetSSB", "SetSSB", "GetOptimize", "SetOptimize", "GetRawRC", "SetRawRC"} {
			steps = append(steps, Step{Do: name, Value: 1})
		}
		if highest == 7 { // which has it at all
			steps = append(steps, Step{Do: "SetWaitKill", Value: 1}, Step{Do: "GetWaitKill"})
		}
		list[fmt.Sprintf("level %d", level)] = steps
	}
	return list
}

// pairs are scripts that put each ABI beside each other one.
func pairs() map[string][]Step {
	list := map[string][]Step{}
	for a := range uint(scmpArches) {
		for b := range uint(scmpArches) {
			list[fmt.Sprintf("ABI %d beside %d", b, a)] = []Step{
				start, {Do: "RemoveArch", Arch: scmpNative}, {Do: "AddArch", Arch: a}, {Do: "AddArch", Arch: b},
				{Do: "IsArchPresent", Arch: b}, {Do: "AddRule", Name: "read", Action: Trap},
			}
		}
	}
	return list
}
