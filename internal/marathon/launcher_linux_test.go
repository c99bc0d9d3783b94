// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
)

// profiles has a default that denies mkdir, one that kills uname's caller, and one
// that allows all but a call nobody makes.
func profiles(t *testing.T) *mesos.Isolator {
	dir := t.TempDir()
	doc := func(name, call, action string) {
		text := `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [], "syscalls": [{"names": [` + call + `], "action": "` + action + `", "args": [], "includes": {}, "excludes": {}}]}`
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
	}
	doc("default.json", `"mkdir", "mkdirat"`, "SCMP_ACT_ERRNO")
	doc("kill.json", `"uname"`, "SCMP_ACT_TRAP")
	doc("relaxed.json", `"swapoff"`, "SCMP_ACT_ERRNO")
	i, err := mesos.Agent{ConfigDir: dir, DefaultProfile: "default.json"}.Start()
	require.NoError(t, err)
	return i
}

// output collects what tasks write.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func launcher(t *testing.T, out io.Writer) *Launcher {
	host, err := profile.Host()
	require.NoError(t, err)
	return &Launcher{Agent: profiles(t), Target: host, Output: func(Task, *mesos.Container) io.Writer { return out }}
}

func shell(s *mesos.SeccompInfo, commands ...string) Task {
	def := &mesos.Definition{ID: "/t", Instances: 1}
	for _, c := range commands {
		def.Containers = append(def.Containers, mesos.Container{Command: []string{"/bin/sh", "-c", c}, Seccomp: s, Env: map[string]string{"GREETING": "hello"}})
	}
	return Task{Definition: def, Instance: 1, Attempt: 1}
}

func named(s string) *mesos.SeccompInfo { return &mesos.SeccompInfo{ProfileName: &s} }

func TestLauncher(t *testing.T) {
	dir := t.TempDir()
	tests := map[string]struct {
		task Task
		exit Exit
		out  string
		err  string
	}{
		"the default denies":     {shell(nil, "mkdir "+dir+"/a 2>/dev/null"), Exit{Status: 1, Confined: true, Explained: true, Denied: "mkdir(\"" + dir + "/a\", 0777)"}, "", ""},
		"another does not":       {shell(named("relaxed.json"), "mkdir "+dir+"/b"), Exit{Confined: true, Explained: true}, "", ""},
		"a call that traps":      {shell(named("kill.json"), "exec uname"), Exit{Status: -1, Signal: "SIGSYS", Confined: true, Explained: true}, "", ""},
		"confined":               {shell(nil, "grep ^Seccomp: /proc/self/status"), Exit{Confined: true, Explained: true}, "Seccomp:\t2\n", ""},
		"unconfined":             {shell(&mesos.SeccompInfo{Unconfined: true}, "grep ^Seccomp: /proc/self/status"), Exit{}, "Seccomp:\t0\n", ""},
		"the environment":        {shell(nil, "echo $GREETING $MARATHON_APP_ID $MESOS_TASK_ID"), Exit{Confined: true, Explained: true}, "hello /t /t.1\n", ""},
		"no such profile":        {shell(named("no.json"), "true"), Exit{}, "", "No such file or directory"},
		"one of a pod has ended": {shell(nil, "sleep 100", "exit 3"), Exit{Status: 3, Confined: true, Explained: true}, "", ""},
		"what is left is killed": {shell(nil, "sleep 100 & exit 4"), Exit{Status: 4, Confined: true, Explained: true}, "", ""},
		"Docker":                 {Task{Definition: &mesos.Definition{Containers: []mesos.Container{{Docker: true}}}}, Exit{}, "", "type DOCKER"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(tt.exit.Denied, `"`) {
				kerneltest.Need(t, kerneltest.Reading)
			}
			if tt.out == "Seccomp:\t0\n" {
				kerneltest.Need(t, kerneltest.Unfiltered)
			}
			runtime.LockOSThread() // tasks die with it
			defer runtime.UnlockOSThread()
			out := &output{}
			p, err := launcher(t, out).Start(tt.task)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Positive(t, p.PID())
			exit := p.Wait()
			call, place, _ := strings.Cut(exit.Denied, " by ")
			exit.Denied = call
			assert.Equal(t, tt.exit, exit)
			assert.Equal(t, tt.exit.Denied != "", strings.HasSuffix(place, "/default.json:1:65"), place)
			assert.Equal(t, tt.out, out.text.String())
			p.Kill() // and nobody is hit
		})
	}
}

// TestManyTasks runs tasks with mixed profiles, kills them at random, and finds none
// lost and no descriptor, child or goroutine left over; threads are as many as
// tasks that wait at the same time, however many were started. They go on for
// a second, or a minute if SIEVE_LONG is set.
func TestManyTasks(t *testing.T) {
	length := time.Second
	if shared.Long() {
		length = time.Minute
	}
	l := launcher(t, nil)
	l.Output = nil
	back := mesos.Backoff{Initial: 10 * time.Millisecond, Factor: 1, Max: 10 * time.Millisecond}
	var defs []mesos.Definition
	infos := []*mesos.SeccompInfo{nil, named("relaxed.json"), named("kill.json"), {Unconfined: true}}
	for i, info := range infos {
		def := *shell(info, "exec sleep 100").Definition
		def.ID, def.Instances, def.Backoff, def.KillGrace = "/"+string(rune('a'+i)), 50, back, time.Second
		defs = append(defs, def)
	}
	files, routines, memory, tasks := descriptors(t), runtime.NumGoroutine(), heap(), threads(t)
	var mu sync.Mutex
	alive := map[string]Process{}
	events := map[string]int{}
	r := Runner{
		Start: func(task Task) (Process, error) {
			p, err := l.Start(task)
			if err == nil {
				mu.Lock()
				alive[task.ID()] = p
				mu.Unlock()
			}
			return p, err
		},
	}
	ctx, cancel := context.WithTimeout(t.Context(), length+time.Minute)
	defer cancel()
	begun := time.Now()
	r.Emit = func(e Event) {
		events[e.Kind]++
		if events["start"] > 400 && time.Since(begun) > length {
			cancel()
		}
	}
	done := make(chan struct{})
	go func() { // kills at random, until the time is over
		defer close(done)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			mu.Lock()
			skip := rand.IntN(len(alive) + 1)
			for _, p := range alive {
				if skip--; skip < 0 {
					p.Kill()
					break
				}
			}
			mu.Unlock()
		}
	}()
	r.Run(ctx, defs)
	<-done
	assert.Greater(t, events["start"], 400, "all started, and as many again")
	assert.Equal(t, events["start"], events["end"], "each that started has ended")
	assert.Len(t, alive, 200)
	// Supervisors see by themselves that their tasks have ended, and then close.
	for range 3000 { // half a minute
		if descriptors(t) <= files && runtime.NumGoroutine() <= routines {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	assert.LessOrEqual(t, descriptors(t), files)
	assert.LessOrEqual(t, runtime.NumGoroutine(), routines)
	assert.Less(t, heap(), memory+8<<20, "bytes that stay")
	assert.LessOrEqual(t, threads(t), tasks+200+16)
}

// threads is how many this process has. The runtime keeps those it once needed.
func threads(t *testing.T) int {
	list, err := os.ReadDir("/proc/self/task")
	require.NoError(t, err)
	return len(list)
}

// heap is how many bytes are in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func descriptors(t *testing.T) int {
	list, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(list)
}
