// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp/features"
)

// Launcher starts tasks for real, under what the agent says.
type Launcher struct {
	Agent *mesos.Isolator
	// Target is the machine, with the capabilities that includes and excludes ask. No
	// task gets or loses any.
	Target profile.Target
	// Output is where a container's output goes; nil for nowhere.
	Output func(Task, *mesos.Container) io.Writer
	// Watcher kills what is left of the tasks when the launcher has ended; nil for none.
	Watcher *Watcher
}

// outputDelay is how long the output of a task is waited for that has ended, should
// something that left its process group still hold it.
// (exec.Cmd.WaitDelay; without it, Wait would last until the last writer closes the
// pipe.)
const outputDelay = 2 * time.Second

// Start reads the profiles, compiles them, and starts the task's containers: all, or
// none. If a container cannot be started, those before it are killed and waited for. The
// containers die with the calling thread, which the caller must hold
// (runtime.LockOSThread): PR_SET_PDEATHSIG goes by the thread that forked, not by its
// process (prctl(2)).
func (l *Launcher) Start(t Task) (Process, error) {
	var all group
	for i := range t.Definition.Containers {
		c := &t.Definition.Containers[i]
		p, err := l.container(t, c)
		if err != nil {
			for _, started := range all {
				started.Kill()
			}
			all.reap()
			if c.Name != "" {
				err = fmt.Errorf("%s: %w", c.Name, err)
			}
			return nil, err
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return nil, errors.New("no container")
	}
	return all, nil
}

// container starts one container. A profile that the definition names is read anew at
// every start, as an agent does, so a profile that was changed on disk takes effect at the
// next attempt. The agent's default was read when the agent started.
func (l *Launcher) container(t Task, c *mesos.Container) (*process, error) {
	switch {
	case c.Docker:
		return nil, errors.New("a container of type DOCKER, which this runner has no Docker for")
	case len(c.Command) == 0:
		return nil, errors.New("no command, and images are not read")
	}
	launch, err := l.Agent.Prepare(c.Seccomp)
	if err != nil {
		return nil, err
	}
	p := &process{container: c.Name, profile: Name(launch), confined: !launch.Unconfined(), watcher: l.Watcher}
	env := environ(t, c)
	var out io.Writer
	if l.Output != nil {
		out = l.Output(t, c)
	}
	if !p.confined {
		return p, p.unconfined(c.Command, env, out)
	}
	policy, _, err := launch.Policy(l.Target)
	if err != nil {
		return nil, err
	}
	return p, p.under(policy, launch.Flags(features.Flags()), c.Command, env, out)
}

// Name says what a task runs under, for people: "unconfined", "web.json" or "web.json
// (default)". A launch without a filter is "unconfined" also where the agent has no
// default.
func Name(l *mesos.Launch) string {
	switch {
	case l.Unconfined():
		return "unconfined"
	case l.Default:
		return l.Name + " (default)"
	}
	return l.Name
}

// environ is a container's environment: the launcher's, then what Marathon and Mesos add,
// then the definition's own. The last of two values for a name counts (exec.Cmd.Env), so
// a definition can override the others. The keys are sorted, because a map has no order.
func environ(t Task, c *mesos.Container) []string {
	env := append(os.Environ(), "MARATHON_APP_ID="+t.Definition.ID, "MESOS_TASK_ID="+t.ID())
	for _, key := range slices.Sorted(maps.Keys(c.Env)) {
		env = append(env, key+"="+c.Env[key])
	}
	return env
}
