// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"reflect"
	"testing"

	"github.com/opencontainers/runtime-spec/specs-go"
)

func TestGroups(t *testing.T) {
	eq := func(index uint, value uint64) specs.LinuxSeccompArg {
		return specs.LinuxSeccompArg{Index: index, Value: value, Op: specs.OpEqualTo}
	}
	two := uint(2)
	doc := &specs.LinuxSeccomp{
		DefaultAction: specs.ActErrno,
		Syscalls: []specs.LinuxSyscall{
			{Names: []string{"read"}, Action: specs.ActAllow, Args: []specs.LinuxSeccompArg{eq(0, 1), eq(1, 2)}},
			{Names: []string{"read", "write"}, Action: specs.ActAllow, Args: []specs.LinuxSeccompArg{eq(0, 1), eq(0, 2)}},
			{Names: []string{"write", "mount"}, Action: specs.ActErrno},
			{Names: []string{"write", "close"}, Action: specs.ActErrno, ErrnoRet: &two},
		},
	}
	and := [][]specs.LinuxSeccompArg{{eq(0, 1), eq(1, 2)}}
	or := [][]specs.LinuxSeccompArg{{eq(0, 1)}, {eq(0, 2)}}
	want := []group{
		{names: []string{"read"}, any: and, action: specs.ActAllow},
		{names: []string{"read", "write"}, any: or, action: specs.ActAllow},
		{names: []string{"write", "close"}, action: specs.ActErrno, errno: 2},
	}
	if got := groups(doc); !reflect.DeepEqual(got, want) {
		t.Errorf("groups: %+v, want %+v", got, want)
	}
	want[1].names = []string{"read"} // write is decided whatever its arguments
	if got := settled(groups(doc)); !reflect.DeepEqual(got, want) {
		t.Errorf("settled: %+v, want %+v", got, want)
	}
}
