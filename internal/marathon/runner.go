// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/gosieve/sieve/internal/mesos"
)

// Runner keeps the instances of definitions running, and restarts what ends after the
// delay that Marathon would have. A Runner's fields must not change while Run runs.
type Runner struct {
	// Start starts a task. It is called from Run's goroutine, which holds its thread.
	Start func(Task) (Process, error)
	// Emit is told what happens, in order, and Show the state after each change and
	// once a second. Both may be nil.
	Emit func(Event)
	Show func([]Row)
	// Hurry ends the grace period when it is closed: what still runs is killed. Nil is never.
	Hurry <-chan struct{}
}

// app is a definition with its delay. All instances of a definition share one delay, as
// in Marathon's launch queue: one instance that keeps failing holds back all of them.
type app struct {
	def   *mesos.Definition
	delay mesos.Delay
}

// slot is an instance: the place that one task after another takes. Only Run's goroutine
// reads and writes it.
type slot struct {
	app     *app
	task    Task
	process Process // nil while it waits
	stopped bool    // asked to end
	profile string
	last    string
}

// ending is what the goroutine that waits for a task sends to Run's goroutine.
type ending struct {
	slot *slot
	exit Exit
}

// run is the state of one call of Run. The channel ended has no room, so a waiting
// goroutine ends only when Run has taken its message; stop takes one for each living
// task.
type run struct {
	*Runner
	apps  []*app
	slots []*slot
	ended chan ending
	alive int
	sweep time.Time
}

// Run runs until the context is done, and then stops all tasks: each gets SIGTERM, and
// SIGKILL after its definition's grace period or when Hurry is closed. When Run returns,
// nothing runs any more. Definitions must not change meanwhile.
func (r *Runner) Run(ctx context.Context, definitions []mesos.Definition) {
	runtime.LockOSThread() // tasks die with it, and threads that nobody holds may end
	defer runtime.UnlockOSThread()
	s := run{Runner: r, ended: make(chan ending), sweep: time.Now().Add(mesos.SweepEvery)}
	for i := range definitions {
		def := &definitions[i]
		a := &app{def: def, delay: mesos.Delay{Backoff: def.Backoff}}
		s.apps = append(s.apps, a)
		for n := 1; n <= def.Instances; n++ {
			s.slots = append(s.slots, &slot{app: a, task: Task{Definition: def, Instance: n}})
		}
	}
	for ctx.Err() == nil {
		s.step(ctx)
	}
	s.stop()
}

// step starts what is due, and waits for the next thing to happen: the end of a task, the
// next time at which something is due, or the end of the context.
func (s *run) step(ctx context.Context) {
	now := time.Now()
	s.forget(now)
	// What is due at one time starts together: the first does not hold back others.
	due := slices.DeleteFunc(slices.Clone(s.slots), func(x *slot) bool {
		return x.process != nil || x.app.delay.Until().After(now)
	})
	for _, x := range due {
		if ctx.Err() != nil {
			return
		}
		s.start(x)
	}
	s.show()
	timer := time.NewTimer(time.Until(s.next(time.Now())))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case e := <-s.ended:
		s.end(e)
	}
}

// next is the time at which something is to be done next: a start, Marathon's sweep of
// delays, or the status, which shows seconds and so is written once a second.
func (s *run) next(now time.Time) time.Time {
	next := s.sweep
	earlier := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	for _, x := range s.slots {
		if x.process == nil {
			earlier(x.app.delay.Until())
		}
	}
	if s.Show != nil {
		earlier(now.Add(time.Second))
	}
	return next
}

// forget makes Marathon's sweep if it is time: a definition whose tasks have not failed
// for longer than the largest delay starts without a delay again (mesos.Delay.Sweep).
func (s *run) forget(now time.Time) {
	if now.Before(s.sweep) {
		return
	}
	s.sweep = now.Add(mesos.SweepEvery)
	for _, a := range s.apps {
		if a.delay.Sweep(now) {
			s.emit(Event{Kind: "reset", Task: a.def.ID})
		}
	}
}

// start starts the next attempt of an instance. A start that fails (a profile that cannot
// be read, a command that does not exist) counts as a failed task, and makes the delay
// grow.
func (s *run) start(x *slot) {
	x.task.Attempt++
	p, err := s.Start(x.task)
	if err != nil {
		x.profile = ""
		s.failed(x, mesos.Failed, Event{Message: err.Error()})
		return
	}
	x.process, x.profile, x.stopped = p, p.Profile(), false
	s.alive++
	x.app.delay.Observe(mesos.Running, time.Now())
	s.emit(Event{Kind: "start", Task: x.task.ID(), Attempt: x.task.Attempt, Profile: x.profile, PID: p.PID()})
	go func() { s.ended <- ending{x, p.Wait()} }()
}

// end takes in that a task has ended. A task that was asked to stop counts as killed by
// Marathon, whatever its exit status: that makes no delay grow.
func (s *run) end(e ending) {
	x := e.slot
	x.process = nil
	s.alive--
	condition := e.exit.Condition()
	if x.stopped {
		condition = mesos.Killed
		e.exit.Confined = false // how it ended says nothing of its profile
	}
	status := e.exit.Status
	s.failed(x, condition, Event{Status: &status, Signal: e.exit.Signal, Denied: e.exit.Denied, Message: e.exit.String()})
}

// failed tells the delay about the end of a task, and emits the event. A task that
// Marathon killed has no next start, so its event has no delay.
func (s *run) failed(x *slot, condition mesos.Condition, e Event) {
	now := time.Now()
	x.app.delay.Observe(condition, now)
	x.last = e.Message
	e.Kind, e.Task, e.Attempt, e.Profile, e.Condition = "end", x.task.ID(), x.task.Attempt, x.profile, condition.String()
	if condition != mesos.Killed {
		e.Failures, e.Delay, e.Next = x.app.delay.Failures(), x.app.delay.Current().Seconds(), x.app.delay.Until()
	}
	s.emit(e)
}

// stop ends all tasks, and returns when the last one has ended. All get SIGTERM before
// any is waited for, so that their grace periods run at the same time.
func (s *run) stop() {
	var timers []*time.Timer
	for _, x := range s.slots {
		if x.process == nil {
			continue
		}
		p := x.process
		x.stopped = true
		s.emit(Event{Kind: "stop", Task: x.task.ID(), Attempt: x.task.Attempt})
		p.Stop()
		timers = append(timers, time.AfterFunc(x.app.def.KillGrace, p.Kill))
	}
	s.show()
	// A closed channel is always ready: hurry becomes nil after the first time, which
	// blocks for good, so that the loop waits for tasks and does not spin.
	for hurry := s.Hurry; s.alive > 0; s.show() {
		select {
		case e := <-s.ended:
			s.end(e)
		case <-hurry:
			hurry = nil
			s.kill()
		}
	}
	for _, t := range timers {
		t.Stop()
	}
}

// kill sends SIGKILL to what still runs. The ends arrive on the channel as others do.
func (s *run) kill() {
	for _, x := range s.slots {
		if x.process != nil {
			x.process.Kill()
		}
	}
}

// emit stamps an event with the time and hands it on.
func (s *run) emit(e Event) {
	if s.Emit != nil {
		e.Time = time.Now()
		s.Emit(e)
	}
}

// show hands on one row for each instance, in the order of the definitions.
func (s *run) show() {
	if s.Show == nil {
		return
	}
	rows := make([]Row, len(s.slots))
	for i, x := range s.slots {
		rows[i] = Row{Task: x.task.ID(), Profile: x.profile, State: "Running", Failures: x.app.delay.Failures(), Last: x.last}
		switch {
		case x.process == nil:
			rows[i].State, rows[i].Next = "Waiting", x.app.delay.Until()
		case x.stopped:
			rows[i].State = "Stopping"
		}
	}
	s.Show(rows)
}
