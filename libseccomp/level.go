// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/features"
)

// support is what filters may use of the kernel.
type support struct {
	flags                    seccomp.Flags
	log, killProcess, notify bool // the actions
}

// includes says whether s has all that o has.
func (s support) includes(o support) bool {
	lacks := o.log && !s.log || o.killProcess && !s.killProcess || o.notify && !s.notify
	return !lacks && o.flags&^s.flags == 0
}

// The flags of filters that the levels up to that one bring.
const (
	flags2 = seccomp.TSync
	flags3 = flags2 | seccomp.LogAll
	flags4 = flags3 | seccomp.SpecAllow
	flags5 = flags4 | seccomp.NewListener
	flags6 = flags5 | seccomp.TSyncESRCH
	flags7 = flags6 | seccomp.WaitKillable
)

// levels are the API levels: what a kernel has of which each is, level 1 at index 0.
var levels = [...]support{
	{},
	{flags: flags2},
	{flags: flags3, log: true, killProcess: true},
	{flags: flags4, log: true, killProcess: true},
	{flags: flags5, log: true, killProcess: true, notify: true},
	{flags: flags6, log: true, killProcess: true, notify: true},
	{flags: flags7, log: true, killProcess: true, notify: true},
}

var (
	levelLock sync.Mutex
	asked     bool    // whether the kernel was, or SetAPI has said
	present   support // if asked
)

// machine is what filters may use: what the kernel has, or what SetAPI has said.
func machine() support {
	levelLock.Lock()
	defer levelLock.Unlock()
	if !asked {
		present, asked = probe(), true
	}
	return present
}

// probe asks the kernel. On other systems there is none to ask, and filters that are
// made there are for a machine that is not known: they may use everything.
func probe() support {
	if runtime.GOOS != "linux" {
		return levels[len(levels)-1]
	}
	s := support{flags: features.Flags()}
	for _, a := range features.Actions() {
		s.log = s.log || a == seccomp.Log
		s.killProcess = s.killProcess || a == seccomp.KillProcess
		s.notify = s.notify || a == seccomp.Notify
	}
	return s
}

// GetAPI is the API level, which says what the kernel has (seccomp_api_get(3)). The kernel
// is asked once, when something needs it first; a filter on the calling thread may
// hide something. On other systems than Linux it is the highest level: a filter can be
// made and exported there.
func GetAPI() (uint, error) { return getAPI() }

func getAPI() (uint, error) {
	has, level := machine(), uint(1)
	for level < uint(len(levels)) && has.includes(levels[level]) {
		level++
	}
	return level, nil
}

// SetAPI has filters use what that level has, whatever the kernel has. It is for tests.
// The actions and flags of a level that the kernel lacks fail when a filter is loaded.
func SetAPI(api uint) error {
	if api == 0 || api > uint(len(levels)) {
		return fmt.Errorf("could not set API level: %w", syscall.EINVAL)
	}
	levelLock.Lock()
	defer levelLock.Unlock()
	present, asked = levels[api-1], true
	return nil
}
