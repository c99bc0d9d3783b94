// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// straceSignal is strace's line for the signal that a filter's TRAP sends, and on older
// kernels its KILL, behind a process and a time:
//
//	[pid 21924] --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, ..., si_arch=AUDIT_ARCH_I386} ---
//
// What a process writes stands behind a call's name, in quotes.
var straceSignal = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\[pid +(\d+)(?:<([^>]*)>)?\] +|(\d+)(?:<([^>]*)>)? +)?(?:[0-9:.]+ +)?--- SIGSYS \{([^{}]*)\} ---$`)
})

// snappyLog is the record in the output of snappy-debug, which writes the call's name
// behind its number, and no key before it:
//
//	Log: auid=1000 ... sig=0 arch=c000003e 314(sched_setattr) compat=0 ip=0x7f code=0x7ffc0000
//
// snappyNext matches the other lines of its output, which are no records.
var (
	snappyLog = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^Log: (.* arch=[0-9a-f]+) (\d+)\([a-z0-9_?-]*\)( compat=.*)$`)
	})
	snappyNext = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:= (?:Seccomp|AppArmor) =|Time: .*|Syscall: .*|Suggestions?:|\* .*)$`)
	})
)

// otherRecord reads a line that tools other than the kernel write about a filter:
// strace's SIGSYS and the records of snappy-debug. ok is false for any other line.
func otherRecord(line string) (row *denied, ok bool, err error) {
	if m := straceSignal().FindStringSubmatch(line); m != nil {
		row, err = parseSignal(m[5])
		if row == nil && err == nil {
			return nil, false, nil
		}
		if row != nil {
			row.PID, _ = strconv.Atoi(m[1] + m[3])
			row.Command = auditText(m[2]+m[4], true)
		}
		return row, true, err
	}
	if m := snappyLog().FindStringSubmatch(line); m != nil {
		row, err = parseAudit(m[1] + " syscall=" + m[2] + m[3])
		return row, true, err
	}
	return nil, false, nil
}

// parseSignal reads the fields of a siginfo_t as strace writes them. It returns nil for a
// SIGSYS that no filter has sent. Which action sent it is not known (BySignal): TRAP
// does, and so does KILL.
func parseSignal(text string) (*denied, error) {
	fields := map[string]string{}
	for _, f := range strings.Split(text, ", ") {
		key, value, _ := strings.Cut(f, "=")
		fields[key] = value
	}
	if fields["si_code"] != "SYS_SECCOMP" {
		return nil, nil
	}
	for _, key := range []string{"si_arch", "si_syscall"} {
		if fields[key] == "" {
			return nil, fmt.Errorf("a SIGSYS without %s", key)
		}
	}
	d := &denied{Count: 1, Action: seccomp.Trap(0), Signal: "SIGSYS", BySignal: true}
	token, ok := strings.CutPrefix(fields["si_arch"], "0x")
	if !ok {
		abi, err := arch.Parse(strings.ToLower(strings.TrimPrefix(token, "AUDIT_ARCH_")))
		if err != nil {
			return nil, fmt.Errorf("si_arch: %w", err)
		}
		token = fmt.Sprintf("%x", abi.Audit())
	}
	_, err := d.parseCall(token, strings.TrimPrefix(fields["si_syscall"], "__NR_"))
	return d, err
}

// answered says whether a profile's action may be the one that a row shows. Only the kind
// counts, as a log lacks the data; a SIGSYS may come from TRAP or KILL.
func (d *denied) answered(a seccomp.Action) bool {
	if d.BySignal {
		return a.Kind() == seccomp.Trap(0) || a == seccomp.KillThread || a == seccomp.KillProcess
	}
	return a.Kind() == d.Action.Kind()
}
