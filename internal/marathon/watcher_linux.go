// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	ossignal "os/signal"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// WatcherName is the name (argv[0]) under which a program that uses StartWatcher must
// call Watch before anything else. StartWatcher executes the program once more under this
// name: a copy of its own file is the one program that is sure to be there.
const WatcherName = "sieve: watcher of tasks"

// Watcher is a process that kills what is left of the tasks when the launcher has ended,
// however that was: by SIGKILL, by a crash, or in order. A task's first process dies with
// the launcher by itself (Pdeathsig). The watcher is for the processes that the task has
// started: Pdeathsig is not inherited by fork (prctl(2)), and there is none for a process
// group.
//
// The two speak over a pipe, in lines: "+123" is a process group that was started, "-123"
// one that has ended. The end of the launcher closes the pipe, which no signal can
// prevent.
type Watcher struct {
	cmd *exec.Cmd
	to  io.WriteCloser
}

// StartWatcher starts this program once more as a watcher, in a session of its own.
func StartWatcher() (*Watcher, error) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Args = []string{WatcherName}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no key and no hang-up reaches it
	to, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("watcher of tasks: %w", err)
	}
	return &Watcher{cmd, to}, nil
}

// Close ends the watcher, which kills what has not been forgotten.
func (w *Watcher) Close() error { return errors.Join(w.to.Close(), w.cmd.Wait()) }

// watch and forget say that a process group is there, and that its number may soon be
// another's. A watcher that has been killed hears nothing.
func (w *Watcher) watch(group int)  { w.tell("+%d\n", group) }
func (w *Watcher) forget(group int) { w.tell("-%d\n", group) }

// tell writes one line. Errors are dropped: a watcher that has been killed cannot help,
// and the tasks run without one. A nil Watcher is none.
func (w *Watcher) tell(format string, group int) {
	if w != nil {
		fmt.Fprintf(w.to, format, group)
	}
}

// Watch is the body of the watcher process. It reads process groups from its launcher
// until the pipe closes, and then kills those that are left. It ignores the signals that
// end the launcher, as it has to outlive it. A group of 1 or below is refused: kill(-1)
// would signal every process (kill(2)), and 0 the watcher's own group.
func Watch(r io.Reader) {
	ossignal.Ignore(unix.SIGHUP, unix.SIGINT, unix.SIGTERM)
	groups := map[int]bool{}
	for lines := bufio.NewScanner(r); lines.Scan(); {
		number, gone := strings.CutPrefix(lines.Text(), "-")
		group, err := strconv.Atoi(number) // which takes a plus sign
		switch {
		case err != nil || group <= 1:
		case gone:
			delete(groups, group)
		default:
			groups[group] = true
		}
	}
	for group := range groups {
		unix.Kill(-group, unix.SIGKILL) // there is nobody to tell
	}
}
