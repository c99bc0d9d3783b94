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

// WatcherName is the name (argv[0]) under which this program is to call Watch.
const WatcherName = "sieve: watcher of tasks"

// Watcher is a process that kills what is left of the tasks when the launcher has
// ended, however that was: by SIGKILL, a crash, or in order. A task's first process
// dies with the launcher by itself (Pdeathsig); the watcher is for what the task has
// started, as the kernel has no such thing for a process group.
type Watcher struct {
	cmd *exec.Cmd
	to  io.WriteCloser
}

// StartWatcher starts this program once more as a watcher.
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

func (w *Watcher) tell(format string, group int) {
	if w != nil {
		fmt.Fprintf(w.to, format, group)
	}
}

// Watch is what the watcher does: it takes process groups from its launcher until that
// has ended, and kills them.
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
