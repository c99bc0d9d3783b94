// SPDX-License-Identifier: Apache-2.0

package dropin

import "fmt"

// numbers are scripts of numbers and names that are calls, on one ABI alone, or none.
func numbers() map[string][]Step {
	list := map[string][]Step{
		"numbers": {start}, "numbers beside another ABI": {start, {Do: "AddArch", Arch: 2}},
		"numbers on another ABI": {start, {Do: "RemoveArch", Arch: scmpNative}, {Do: "AddArch", Arch: 2}},
	}
	for name := range list {
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
	return list
}

// words are scripts of what has no filter: names, texts and conditions.
func words() map[string][]Step {
	list := map[string][]Step{}
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

// actions are all that have a number of the API's, and more, with data.
func actions() map[string][]Step {
	var steps []Step
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
	return map[string][]Step{"actions": steps}
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
