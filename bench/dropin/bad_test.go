// SPDX-License-Identifier: Apache-2.0

package dropin

import (
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

// badRules are scripts of rules that are wrong, or that others forbid.
func badRules() map[string][]Step {
	return map[string][]Step{
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
	}
}

// badABIs are scripts of ABIs that are none, that are there already, or that are all taken away.
func badABIs() map[string][]Step {
	return map[string][]Step{
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
	}
}

// invalid are scripts of filters that are none any more, or changed after they are exported.
func invalid() map[string][]Step {
	return map[string][]Step{
		"released":                append([]Step{start, {Do: "Release"}, {Do: "Release"}}, each(0)...),
		"zero value":              append([]Step{{Do: "Release"}}, each(0)...),
		"a rule after the export": {start, {Do: "ExportBPF"}, {Do: "AddRule", Name: "read", Action: Allow}, {Do: "ExportBPF"}},
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
	}
}

// merges are scripts of two filters, of which some cannot be one.
func merges() map[string][]Step {
	return map[string][]Step{
		"merged with a released one":  {start, {Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, {Do: "Release", Filter: 1}, {Do: "Merge", Other: 1}, {Do: "IsValid"}},
		"merged with a zero value":    {start, {Do: "Merge", Other: 7}, {Do: "IsValid"}},
		"merged with a common ABI":    {start, {Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, {Do: "Merge", Other: 1}, {Do: "IsValid"}, {Do: "IsValid", Filter: 1}},
		"merged with another default": merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 2<<16}),
		"merged with another bit":     merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, Step{Do: "SetNoNewPrivsBit", Filter: 1}),
		"merged with a big one":       merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, Step{Do: "RemoveArch", Filter: 1, Arch: 1}, Step{Do: "AddArch", Filter: 1, Arch: 17}, Step{Do: "AddRule", Filter: 1, Name: "close", Action: Allow}),
		"merged without an ABI":       append([]Step{start, {Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}, {Do: "RemoveArch", Filter: 1, Arch: 1}}, Step{Do: "Merge", Other: 1}, Step{Do: "IsValid", Filter: 1}),
		"merged": append(append(merged(Step{Do: "NewFilter", Filter: 1, Action: Errno | 1<<16}), each(1)...),
			Step{Do: "IsArchPresent", Arch: 2}, Step{Do: "AddRule", Name: "dup", Action: Allow}, Step{Do: "ExportBPF"}),
	}
}

// merged is a merge of a filter with that of other steps, which has x86 in place of the native ABI,
// and what is there then.
func merged(other ...Step) []Step {
	steps := append([]Step{start, {Do: "AddRule", Name: "read", Action: Allow}}, other...)
	steps = append(steps, Step{Do: "RemoveArch", Filter: 1, Arch: 1}, Step{Do: "AddArch", Filter: 1, Arch: 2}, Step{Do: "AddRule", Filter: 1, Name: "write", Action: Allow})
	return append(steps, Step{Do: "Merge", Other: 1}, Step{Do: "IsValid"}, Step{Do: "IsValid", Filter: 1}, Step{Do: "ExportBPF"})
}

// attributes are scripts of what a filter has beside rules.
func attributes() map[string][]Step {
	return map[string][]Step{
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
	}
}
