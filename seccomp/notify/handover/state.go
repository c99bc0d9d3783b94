// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// This file has the message: its types, and their JSON.

// ErrProtocol is what errors wrap about a message that is not as the
// specification has it.
var ErrProtocol = errors.New("invalid handover")

// maxState is the longest state, in bytes of JSON, that is sent or received. The
// specification has no limit.
const maxState = 1 << 20

// ContainerProcessState is what a supervisor learns about the container process whose
// calls it is asked about. It is what the sender says; only the descriptor is
// checked.
type ContainerProcessState struct {
	OCIVersion string   `json:"ociVersion"`
	Fds        []string `json:"fds"`                // the names of the descriptors, in order
	PID        int      `json:"pid"`                // as the runtime sees it
	Metadata   string   `json:"metadata,omitempty"` // the profile's listenerMetadata
	State      State    `json:"state"`
}

// State is the state of the container (runtime.md, "State").
type State struct {
	OCIVersion  string            `json:"ociVersion"`
	ID          string            `json:"id"`
	Status      string            `json:"status"` // "creating", "created", "running" or "stopped"
	PID         int               `json:"pid,omitempty"`
	Bundle      string            `json:"bundle"` // an absolute path
	Annotations map[string]string `json:"annotations,omitempty"`
}

// seccompFd is the specification's name of the listener.
const seccompFd = "seccompFd"

// encode is the JSON of a state with one descriptor.
func encode(state *ContainerProcessState) ([]byte, error) {
	if state == nil {
		return nil, fmt.Errorf("%w: no state", ErrProtocol)
	}
	s := *state
	if s.Fds == nil {
		s.Fds = []string{seccompFd}
	}
	if !slices.Equal(s.Fds, []string{seccompFd}) {
		return nil, fmt.Errorf("%w: fds: %q, want [%q] or none", ErrProtocol, s.Fds, seccompFd)
	}
	b, err := json.Marshal(&s)
	if err != nil {
		return nil, err
	}
	if len(b) > maxState {
		return nil, tooLong()
	}
	return b, nil
}

// decode reads a state that came with so many descriptors. Index is that of the
// listener. Unknown keys are left for later versions of the specification.
func decode(b []byte, descriptors int) (state *ContainerProcessState, index int, err error) {
	state = new(ContainerProcessState)
	if err := json.Unmarshal(b, state); err != nil {
		return nil, 0, fmt.Errorf("%w: state: %w", ErrProtocol, err)
	}
	if len(state.Fds) != descriptors {
		return nil, 0, fmt.Errorf("%w: fds: %d names for %d descriptors", ErrProtocol, len(state.Fds), descriptors)
	}
	index = slices.Index(state.Fds, seccompFd)
	if index < 0 {
		return nil, 0, fmt.Errorf("%w: fds: no %q", ErrProtocol, seccompFd)
	}
	if slices.Contains(state.Fds[index+1:], seccompFd) {
		return nil, 0, fmt.Errorf("%w: fds: %q twice", ErrProtocol, seccompFd)
	}
	return state, index, nil
}

func tooLong() error {
	return fmt.Errorf("%w: state: longer than %d bytes", ErrProtocol, maxState)
}
