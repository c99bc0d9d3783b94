// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// library is a player, and the library that it was built with.
type library struct {
	// name says which, for messages.
	name string
	// program is the player's path.
	program string
	// limit is how long one script may take.
	limit time.Duration

	process *exec.Cmd
	in      *json.Encoder
	pipe    io.Closer
	replies chan []byte
}

// play plays a script. It fails if the player dies or does not answer in time; the next
// script gets a new one.
func (l *library) play(steps []Step) ([]Reply, error) {
	if l.process == nil {
		if err := l.start(); err != nil {
			return nil, err
		}
	}
	if err := l.in.Encode(steps); err != nil {
		l.close()
		return nil, fmt.Errorf("%s: %w", l.name, err)
	}
	timer := time.NewTimer(l.limit)
	defer timer.Stop()
	select {
	case line, ok := <-l.replies:
		if !ok {
			l.close()
			return nil, fmt.Errorf("%s: the player died", l.name)
		}
		var list []Reply
		if err := json.Unmarshal(line, &list); err != nil {
			l.close()
			return nil, fmt.Errorf("%s: %w", l.name, err)
		}
		return list, nil
	case <-timer.C:
		l.close()
		return nil, fmt.Errorf("%s: no answer in %v", l.name, l.limit)
	}
}

func (l *library) start() error {
	cmd := exec.Command(l.program)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	l.process, l.in, l.pipe, l.replies = cmd, json.NewEncoder(in), in, make(chan []byte)
	go read(out, l.replies)
	return nil
}

// read gives the player's lines on until there are no more.
func read(out io.Reader, replies chan<- []byte) {
	defer close(replies)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		replies <- line
	}
}

// close ends the player, if there is one.
func (l *library) close() {
	if l.process == nil {
		return
	}
	l.pipe.Close()
	l.process.Process.Kill()
	for range l.replies { // until read has seen the end
	}
	l.process.Wait()
	l.process = nil
}
