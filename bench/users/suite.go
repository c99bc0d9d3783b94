// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A suite is a set of tests of a user's.
type suite struct {
	name string
	run  func(context.Context, *checkout) (tally, error)
}

// suites are the Go tests of a user, and what else it has.
func (u user) suites() []suite {
	list := []suite{{"go test " + strings.Join(u.test, " "), gotest}}
	if u.more != nil {
		list = append(list, u.more()...)
	}
	return list
}

// A tally is how the tests of a suite ended.
type tally struct {
	passed, skipped int
	failed          []string // their names
	output          string   // what failed tests said
	notRun          string   // why there are none
}

func (t tally) String() string {
	if t.notRun != "" {
		return "not run: " + t.notRun
	}
	s := fmt.Sprintf("%d passed", t.passed)
	if t.skipped > 0 {
		s += fmt.Sprintf(", %d skipped", t.skipped)
	}
	if len(t.failed) > 0 {
		s += fmt.Sprintf(", %d failed (%s)", len(t.failed), strings.Join(t.failed, ", "))
	}
	return s
}

// worse reports what a change from before to t lost: a test that fails and did
// not, or one that is no longer among those that passed.
func (t tally) worse(before tally) bool {
	fails := slices.ContainsFunc(t.failed, func(name string) bool { return !slices.Contains(before.failed, name) })
	return fails || t.passed < before.passed || t.notRun != before.notRun
}

// gotest runs the packages' tests.
func gotest(ctx context.Context, c *checkout) (tally, error) {
	args := append([]string{"test", "-json", "-count=1", "-tags", c.user.tags}, c.user.test...)
	out, err := c.command(ctx, "go", args...).Output()
	t, readErr := readEvents(bytes.NewReader(out))
	if readErr != nil {
		return t, readErr
	}
	if err != nil && len(t.failed) == 0 {
		return t, err
	}
	return t, nil
}

// event is a line of go test -json.
type event struct {
	Action, Package, ImportPath, Test, Output string
}

// readEvents counts tests, without those that only hold subtests together. In the
// place of a test that runs a framework's suite it counts the suite's.
func readEvents(r io.Reader) (tally, error) {
	var t tally
	ended := map[string]event{} // how each test did, by package and name
	said := map[string]string{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			t.output += lines.Text() + "\n" // the go command's own words
			continue
		}
		key := e.Package + " " + e.Test
		if e.ImportPath != "" { // of a build, beside the package's own end
			key = "build " + e.ImportPath
		}
		switch e.Action {
		case "output", "build-output":
			said[key] += e.Output
		case "pass", "skip", "fail", "build-fail":
			ended[key] = e
		}
	}
	parents := map[string]bool{}
	for key := range ended {
		for i := strings.LastIndexByte(key, '/'); i > strings.IndexByte(key, ' '); i = strings.LastIndexByte(key[:i], '/') {
			parents[key[:i]] = true
		}
	}
	for key, e := range ended {
		switch inner, ok := readSuite(said[key]); {
		case ok:
			t.add(inner)
		case e.Test == "" && e.Action != "build-fail", parents[key] && e.Action != "fail":
			continue // a package ends as its tests do
		case e.Action == "pass":
			t.passed++
		case e.Action == "skip":
			t.skipped++
		default:
			t.failed = append(t.failed, strings.TrimSpace(e.Test+e.ImportPath))
		}
		if e.Action == "fail" || e.Action == "build-fail" {
			t.output += said[key]
		}
	}
	slices.Sort(t.failed)
	return t, lines.Err()
}

func (t *tally) add(u tally) {
	t.passed += u.passed
	t.skipped += u.skipped
	t.failed = append(t.failed, u.failed...)
}

var (
	colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	summary = regexp.MustCompile(`(?m)^(?:OK: |OOPS: |SUCCESS! -- |FAIL! -- )(.*)$`)
	counted = regexp.MustCompile(`(?i)(\d+) (passed|skipped|failed|panicked)`)
	failure = regexp.MustCompile(`(?m)^(?:FAIL|PANIC): \S+: (\S+)|^ *\[(?:FAIL|PANICKED!)\] (.*)$`)
)

// readSuite reads the last line that check.v1 and ginkgo print of their own tests.
func readSuite(output string) (t tally, ok bool) {
	output = colours.ReplaceAllString(output, "")
	line := summary.FindStringSubmatch(output)
	if line == nil {
		return t, false
	}
	for _, m := range counted.FindAllStringSubmatch(line[1], -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return t, false
		}
		switch strings.ToLower(m[2]) {
		case "passed":
			t.passed = n
		case "skipped":
			t.skipped = n
		}
	}
	for _, m := range failure.FindAllStringSubmatch(output, -1) {
		if name := m[1] + m[2]; !slices.Contains(t.failed, name) {
			t.failed = append(t.failed, name)
		}
	}
	return t, true
}
