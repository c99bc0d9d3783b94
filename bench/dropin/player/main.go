// SPDX-License-Identifier: Apache-2.0

// Command player plays scripts on the libseccomp-golang that it is built with. It reads
// lists of steps from standard input, one a line, and writes a list of replies for each.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"
	"time"

	scmp "github.com/seccomp/libseccomp-golang"

	"github.com/gosieve/sieve/bench/dropin"
)

func main() {
	go follow(os.Getppid())
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<16))
	out := json.NewEncoder(os.Stdout)
	for {
		var steps []dropin.Step
		if err := in.Decode(&steps); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Encode(play(steps)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// follow ends the player after the process that started it, which may have been killed while
// the C library loops.
func follow(parent int) {
	for os.Getppid() == parent {
		time.Sleep(time.Second)
	}
	os.Exit(1)
}

// play does the steps of one script, on filters of its own.
func play(steps []dropin.Step) []dropin.Reply {
	p := player{}
	defer func() {
		for _, f := range p {
			f.Release()
		}
	}()
	replies := make([]dropin.Reply, len(steps))
	for i := range steps {
		replies[i] = p.reply(&steps[i])
	}
	return replies
}

// player is the filters of a script.
type player map[int]*scmp.ScmpFilter

// reply does one step. A panic is a reply as well.
func (p player) reply(s *dropin.Step) (r dropin.Reply) {
	defer func() {
		if problem := recover(); problem != nil {
			r = dropin.Reply{Err: fmt.Sprint("panic: ", problem), Kind: "panic"}
		}
	}()
	value, err := p.do(s)
	if err != nil {
		return dropin.Reply{Err: err.Error(), Kind: kind(err)}
	}
	if raw, ok := value.([]byte); ok {
		return dropin.Reply{Bytes: raw}
	}
	if value == nil {
		return dropin.Reply{}
	}
	return dropin.Reply{Value: fmt.Sprint(value)}
}

// kind is what a caller can tell of an error without its text.
func kind(err error) string {
	var errno syscall.Errno
	var version scmp.VersionError
	var versionPointer *scmp.VersionError
	switch {
	case errors.Is(err, scmp.ErrSyscallDoesNotExist):
		return "ErrSyscallDoesNotExist"
	case errors.As(err, &errno):
		return strconv.Itoa(int(errno))
	case errors.As(err, &version), errors.As(err, &versionPointer):
		return "VersionError"
	}
	return "error"
}

// do makes the call of a step; each method of the API stands in one of the tables.
func (p player) do(s *dropin.Step) (any, error) {
	if call, ok := functions[s.Do]; ok {
		return call(s)
	}
	if s.Do == "NewFilter" {
		f, err := scmp.NewFilter(scmp.ScmpAction(s.Action))
		if f != nil {
			p[s.Filter] = f
		}
		return f != nil, err
	}
	f := p[s.Filter]
	if f == nil { // as a caller's zero value
		f = new(scmp.ScmpFilter)
	}
	if s.Do == "Merge" {
		other := p[s.Other]
		if other == nil {
			other = new(scmp.ScmpFilter)
		}
		return nil, f.Merge(other)
	}
	if call, ok := methods[s.Do]; ok {
		return call(f, s)
	}
	return nil, fmt.Errorf("no such step: %s", s.Do)
}
