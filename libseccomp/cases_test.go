// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
)

// recorded is a test of libseccomp's own suite: what it calls, and the decisions that the
// filter must make, as its simulator makes them.
type recorded struct {
	Name   string
	Calls  []recordedCall
	Expect []struct {
		Arch  string
		Audit uint32 `json:"audit_arch"`
		Nr    uint32
		Args  [6]uint64
		Ret   seccomp.Action
	}
}

// recordedCall is a call of libseccomp's C interface. rc is 0 or an errno, negated.
type recordedCall struct {
	Fn       string
	Ctx, Src int
	Action   uint32
	Nr       int32
	ArchName string `json:"arch_name"`
	Attr     int
	Value    uint32
	Prio     uint8
	Level    uint
	Args     []struct {
		Index uint
		Op    string
		A, B  uint64
	}
	RC *int
}

// The tests that cannot be had through this interface, and why.
var notExpressible = map[string]string{
	"35-sim-negative_one": "SCMP_FLTATR_API_TSKIP, which rules for number -1 need, has no name in libseccomp-golang",
}

// TestCases plays libseccomp's simulator tests and holds each decision to theirs.
func TestCases(t *testing.T) {
	if arch.Native() != arch.X86_64 {
		t.Skip("the tests were recorded on x86_64, and their numbers are its own")
	}
	level, err := GetAPI()
	must(t, err)
	t.Cleanup(func() { must(t, SetAPI(level)) })

	tests, decisions, abis := 0, 0, map[string]bool{}
	for _, file := range shared.Glob(t, "data/libseccomp-cases/*.json") {
		text, err := os.ReadFile(file)
		must(t, err)
		var head struct{ Expect []json.RawMessage }
		must(t, json.Unmarshal(text, &head))
		if len(head.Expect) == 0 {
			continue // of another kind: it loads its filter, or looks at errors
		}
		var c recorded
		must(t, json.Unmarshal(text, &c))
		if reason := notExpressible[c.Name]; reason != "" {
			t.Logf("%s: %d decisions left out: %s", c.Name, len(c.Expect), reason)
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			must(t, SetAPI(level))
			filter := c.play(t)
			for _, e := range c.Expect {
				call := seccomp.Call{Audit: e.Audit, Nr: e.Nr, Args: e.Args}
				if got := filter.Run(&call); got != e.Ret {
					t.Errorf("%s %+v: %v, libseccomp %v", e.Arch, call, got, e.Ret)
				}
				abis[e.Arch] = true
			}
		})
		tests++
		decisions += len(c.Expect)
	}
	t.Logf("%d decisions of %d tests on %d ABIs", decisions, tests, len(abis))
	if decisions != 7805 || tests != 42 || len(abis) != 23 {
		t.Error("libseccomp's tests have 7808 decisions, in 43 tests on 23 ABIs, of which 3 are left out")
	}
}

// play makes the recorded calls, and is the program that they export.
func (c *recorded) play(t *testing.T) (filter seccomp.Filter) {
	t.Helper()
	filters := map[int]*ScmpFilter{}
	defer func() {
		for _, f := range filters {
			f.Release()
		}
	}()
	for i := range c.Calls {
		step := &c.Calls[i]
		switch step.Fn {
		case "init":
			f, err := NewFilter(action(step.Action))
			must(t, err)
			filters[step.Ctx] = f
		case "release":
			filters[step.Ctx].Release()
		case "export_bpf", "export_bpf_mem":
			raw, err := filters[step.Ctx].ExportBPFMem()
			must(t, err)
			program, err := bpf.Decode(raw, c.order())
			must(t, err)
			must(t, program.Check())
			filter = seccomp.Filter{program}
		default:
			err := step.do(filters[step.Ctx], filters[step.Src])
			step.holds(t, err)
		}
	}
	if filter == nil {
		t.Fatal("nothing exported")
	}
	return filter
}

// order is the byte order of the ABIs that are asked about.
func (c *recorded) order() binary.ByteOrder {
	if seccompdata.BigEndian(c.Expect[0].Audit) {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// must fails the test if there is an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// holds compares an error with the recorded code. Three codes have no errno in
// libseccomp-golang, which says what is wrong with a rule in words.
func (s *recordedCall) holds(t *testing.T, err error) {
	t.Helper()
	code := syscall.Errno(0)
	if s.RC != nil {
		code = syscall.Errno(-*s.RC)
	}
	switch code {
	case 0:
		if err != nil {
			t.Fatalf("%+v: %v", *s, err)
		}
	case syscall.EINVAL, syscall.EACCES, syscall.EFAULT:
		if err == nil {
			t.Errorf("%+v: no error, libseccomp: %v", *s, code)
		}
	default:
		if !errors.Is(err, code) {
			t.Errorf("%+v: %v, libseccomp: %v", *s, err, code)
		}
	}
}

// do makes a call that gives nothing but an error.
func (s *recordedCall) do(f, src *ScmpFilter) error {
	switch s.Fn {
	case "rule_add":
		return f.AddRuleConditional(ScmpSyscall(s.Nr), action(s.Action), s.conditions())
	case "rule_add_exact", "rule_add_exact_array":
		return f.AddRuleConditionalExact(ScmpSyscall(s.Nr), action(s.Action), s.conditions())
	case "arch_add", "arch_remove":
		a := ArchNative
		if s.ArchName != "native" {
			var err error
			if a, err = GetArchFromString(s.ArchName); err != nil {
				return err
			}
		}
		if s.Fn == "arch_add" {
			return f.AddArch(a)
		}
		return f.RemoveArch(a)
	case "priority":
		return f.SetSyscallPriority(ScmpSyscall(s.Nr), s.Prio)
	case "reset":
		return f.Reset(action(s.Action))
	case "merge":
		return f.Merge(src)
	case "attr_set":
		return s.attribute(f)
	case "api_set":
		return SetAPI(s.Level)
	case "precompute":
		return f.Precompute()
	case "tx_start":
		return f.TransactionStart()
	case "tx_commit":
		return f.TransactionCommit()
	case "tx_reject":
		f.TransactionReject()
		return nil
	}
	return fmt.Errorf("unknown call %s", s.Fn)
}

// attribute sets one by its number in libseccomp.
func (s *recordedCall) attribute(f *ScmpFilter) error {
	switch s.Attr {
	case 2:
		return f.SetBadArchAction(action(s.Value))
	case 3:
		return f.SetNoNewPrivsBit(s.Value != 0)
	case 6:
		return f.SetLogBit(s.Value != 0)
	case 7:
		return f.SetSSB(s.Value != 0)
	case 8:
		return f.SetOptimize(int(s.Value))
	}
	return fmt.Errorf("unknown attribute %d", s.Attr)
}

// conditions are the rule's.
func (s *recordedCall) conditions() (list []ScmpCondition) {
	ops := map[string]ScmpCompareOp{
		"NE": CompareNotEqual, "LT": CompareLess, "LE": CompareLessOrEqual, "EQ": CompareEqual,
		"GE": CompareGreaterEqual, "GT": CompareGreater, "MASKED_EQ": CompareMaskedEqual,
	}
	for _, a := range s.Args {
		list = append(list, ScmpCondition{Argument: a.Index, Op: ops[a.Op], Operand1: a.A, Operand2: a.B})
	}
	return list
}

// action is libseccomp's, whose numbers are the kernel's.
func action(native uint32) ScmpAction {
	a := seccomp.Action(native)
	kinds := map[seccomp.Action]ScmpAction{
		seccomp.KillThread: ActKillThread, seccomp.KillProcess: ActKillProcess, seccomp.Trap(0): ActTrap,
		seccomp.Errno(0): ActErrno, seccomp.Notify: ActNotify, seccomp.Trace(0): ActTrace,
		seccomp.Log: ActLog, seccomp.Allow: ActAllow,
	}
	kind, ok := kinds[a.Kind()]
	if !ok {
		panic(fmt.Sprintf("no action has the number %#x", native))
	}
	return kind.SetReturnCode(int16(a.Data()))
}
