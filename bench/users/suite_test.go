// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"
	"testing"
)

func (t tally) equal(u tally) bool {
	return t.passed == u.passed && t.skipped == u.skipped && slices.Equal(t.failed, u.failed)
}

func TestEvents(t *testing.T) {
	for name, c := range map[string]struct {
		events string
		want   tally
	}{
		"tests, not packages": {`
			{"Action":"pass","Package":"p","Test":"TestA"}
			{"Action":"skip","Package":"p","Test":"TestB"}
			{"Action":"pass","Package":"p"}`, tally{passed: 1, skipped: 1}},
		"subtests, not what holds them": {`
			{"Action":"pass","Package":"p","Test":"TestA/one"}
			{"Action":"pass","Package":"p","Test":"TestA/two"}
			{"Action":"pass","Package":"p","Test":"TestA"}`, tally{passed: 2}},
		"a test that fails after its subtests": {`
			{"Action":"pass","Package":"p","Test":"TestA/one"}
			{"Action":"fail","Package":"p","Test":"TestA"}`, tally{passed: 1, failed: []string{"TestA"}}},
		"one name in two packages": {`
			{"Action":"pass","Package":"p","Test":"TestA"}
			{"Action":"fail","Package":"q","Test":"TestA"}`, tally{passed: 1, failed: []string{"TestA"}}},
		"a package that does not build": {`
			{"ImportPath":"p","Action":"build-output","Output":"undefined: x\n"}
			{"ImportPath":"p","Action":"build-fail"}
			{"Action":"fail","Package":"p","FailedBuild":"p"}`, tally{failed: []string{"p"}}},
		"a suite of check.v1": {`
			{"Action":"output","Package":"p","Test":"Test","Output":"FAIL: main_test.go:806: suite.TestCompat\n"}
			{"Action":"output","Package":"p","Test":"Test","Output":"OOPS: 13 passed, 2 skipped, 1 FAILED\n"}
			{"Action":"fail","Package":"p","Test":"Test"}`, tally{passed: 13, skipped: 2, failed: []string{"suite.TestCompat"}}},
		"a suite of ginkgo": {`
			{"Action":"output","Package":"p","Test":"Test","Output":"\u001b[38;5;10mSUCCESS!\u001b[0m -- \u001b[1m12 Passed\u001b[0m | 0 Failed | 0 Pending | 1 Skipped\n"}
			{"Action":"pass","Package":"p","Test":"Test"}`, tally{passed: 12, skipped: 1}},
	} {
		got, err := readEvents(strings.NewReader(c.events))
		if err != nil || !got.equal(c.want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

func TestTAP(t *testing.T) {
	got, planned := readTAP("1..4\nok 1 runs\nok 2 notifies # skip requires libseccomp >= 2.6.0\n# not ok, says a program\nnot ok 3 notices 2 things\n")
	if want := (tally{passed: 1, skipped: 1, failed: []string{"notices 2 things"}}); planned != 4 || !got.equal(want) {
		t.Errorf("%+v of %d, want %+v of 4", got, planned, want)
	}
}

func TestWorse(t *testing.T) {
	before := tally{passed: 3, skipped: 1, failed: []string{"TestOld"}}
	for name, c := range map[string]struct {
		after tally
		want  bool
	}{
		"the same":                {before, false},
		"one skipped test passes": {tally{passed: 4, failed: []string{"TestOld"}}, false},
		"all pass":                {tally{passed: 5}, false},
		"another fails":           {tally{passed: 4, failed: []string{"TestNew"}}, true},
		"one is skipped":          {tally{passed: 2, skipped: 2, failed: []string{"TestOld"}}, true},
		"none is run":             {tally{notRun: "not root"}, true},
	} {
		if got := c.after.worse(before); got != c.want {
			t.Errorf("%s: worse is %t, want %t", name, got, c.want)
		}
	}
	if none := (tally{notRun: "not root"}); none.worse(none) {
		t.Error("what runs on neither side is called worse")
	}
}
