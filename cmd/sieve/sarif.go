// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/gosieve/sieve/internal/audit"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
)

// The parts of SARIF 2.1.0 (OASIS) that are written.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
		Help             sarifMessage `json:"help"`
		HelpURI          string       `json:"helpUri,omitempty"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Properties   *sarifProperties  `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
	sarifProperties struct {
		Fix     string       `json:"fix,omitempty"`
		Witness *writtenCall `json:"witness,omitempty"`
	}
)

// lintSARIF writes findings for code-scanning services. Of equal fingerprints in a file
// the second gets ":1", so that two findings are never taken for one. Columns count code
// points (columnKind).
func lintSARIF(w io.Writer, list []linting) error {
	all := allCodes()
	var results []sarifResult
	for i := range list {
		seen := map[string]int{}
		for _, d := range list[i].findings {
			r := list[i].result(&d)
			r.RuleIndex = slices.Index(all, d.Code)
			r.Fingerprints = numbered(list[i].fingerprint(&d), seen)
			results = append(results, r)
		}
	}
	return writeSARIF(w, sarifRules(all), results)
}

// numbered is a fingerprint and how many of the same were seen before in the file.
func numbered(fingerprint string, seen map[string]int) map[string]string {
	n := seen[fingerprint]
	seen[fingerprint]++
	return map[string]string{"sieve/v1": fmt.Sprintf("%s:%d", fingerprint, n)}
}

// writeSARIF writes a log of one run. The list of results is never null.
func writeSARIF(w io.Writer, rules []sarifRule, results []sarifResult) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{"sieve", "https://github.com/gosieve/sieve", rules}},
		ColumnKind: "unicodeCodePoints",
		Results:    append([]sarifResult{}, results...),
	}
	return indented(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// answersSARIF writes a result for each question that is not closed: an error if it is required, a
// warning if it is reached or not decided, a note if a supervisor is asked. The place is that of the first
// rule that lets a call through.
func answersSARIF(w io.Writer, a *audited) error {
	var rules []sarifRule
	var results []sarifResult
	seen := map[string]int{}
	for i := range a.answers {
		answer := &a.answers[i]
		q := &answer.Question
		rules = append(rules, sarifRule{ID: q.ID, ShortDescription: sarifMessage{q.Title}, Help: sarifMessage{q.Reason + "."}, HelpURI: q.References[0].URL})
		if answer.Verdict != audit.Closed {
			r := a.result(answer)
			r.RuleIndex = i
			r.Fingerprints = numbered(r.Fingerprints["sieve/v1"], seen)
			results = append(results, r)
		}
	}
	return writeSARIF(w, rules, results)
}

// result is the answer to one question. A filter has no places, and stands as a whole.
func (a *audited) result(answer *audit.Answer) sarifResult {
	d := profile.Diagnostic{Severity: profile.Warning, Code: profile.Code(answer.Question.ID), Place: profile.Place{File: a.in.name}}
	switch {
	case a.requires(&answer.Question):
		d.Severity = profile.Failure
	case answer.Verdict == audit.Supervised:
		d.Severity = profile.Info
	}
	d.Message = fmt.Sprintf("%s: %v", answer.Question.Title, answer.Verdict)
	if answer.Err != nil {
		d.Message += fmt.Sprintf(": %v", answer.Err)
	}
	if len(answer.Found) > 0 {
		first := &answer.Found[0]
		d.Place, d.Witness = a.place(first), &first.Call
	}
	l := linting{name: a.in.name, text: a.in.text}
	print := l.fingerprint(&d) // before the calls: another one that gets through is no other result
	for _, line := range a.lines(answer) {
		d.Message += fmt.Sprintf("\n%s on %s: %s", line.text, strings.Join(line.abis, ", "), line.rule)
	}
	r := l.result(&d)
	r.Fingerprints = map[string]string{"sieve/v1": print}
	return r
}

// allCodes are the codes of every dialect, in alphabetical order.
func allCodes() []profile.Code {
	return slices.Sorted(maps.Keys(dialect.Codes()))
}

// sarifRules describes every code once, in the order of the list: a result refers to its
// rule by index. Codes without a finding are described too, so that a service knows what
// was looked for.
func sarifRules(list []profile.Code) []sarifRule {
	meanings := dialect.Codes()
	rules := make([]sarifRule, len(list))
	for i, c := range list {
		meaning := meanings[c]
		help := meaning + "."
		if codes.Of(c).Deviates {
			help += " Sieve decides otherwise here than Docker and runc with libseccomp."
		}
		rules[i] = sarifRule{ID: string(c), ShortDescription: sarifMessage{meaning}, Help: sarifMessage{help}}
	}
	return rules
}

// result is one finding. A finding about a whole file has line 1 and column 1: services
// show only results that have a region.
func (l *linting) result(d *profile.Diagnostic) sarifResult {
	// SARIF says note where lint says info.
	level := map[profile.Severity]string{profile.Failure: "error", profile.Warning: "warning", profile.Info: "note"}[d.Severity]
	message := d.Message
	if d.Fix != "" {
		message += "\nFix: " + d.Fix
	}
	where := sarifLocation{Physical: sarifPhysical{sarifArtifact{fileURI(l.name)}, sarifRegion{max(d.Place.Line, 1), l.column(d.Place)}}}
	if d.Place.Path != "" {
		where.Logical = []sarifLogical{{d.Place.Path}}
	}
	r := sarifResult{RuleID: string(d.Code), Level: level, Message: sarifMessage{message}, Locations: []sarifLocation{where}}
	if d.Fix != "" || d.Witness != nil {
		r.Properties = &sarifProperties{d.Fix, written(d.Witness)}
	}
	return r
}

// column is a place's column in code points; places count bytes.
func (l *linting) column(p profile.Place) int {
	if p.Line == 0 || p.Column == 0 {
		return 1
	}
	line := l.text
	for range p.Line - 1 {
		_, line, _ = bytes.Cut(line, []byte("\n"))
	}
	if before := p.Column - 1; before <= len(line) {
		return utf8.RuneCount(line[:before]) + 1
	}
	return p.Column
}

// moving matches what changes in a message when something else in the file does:
// "web.json:12:9" and the index in "syscalls[3]".
var moving = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`:\d+:\d+\b|\[\d+\]`) })

// fingerprint tells a finding from others, and stays the same when lines or rules come
// before it: a service would otherwise show every finding as new after an edit at the
// top. It is the beginning of a SHA-256 over code, path and message, without their
// numbers.
func (l *linting) fingerprint(d *profile.Diagnostic) string {
	// NUL separates the parts, as it cannot be in any of them.
	parts := []string{string(d.Code), moving().ReplaceAllString(d.Place.Path, ""), moving().ReplaceAllString(d.Message, "")}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// fileURI is a file's name as a URI. A relative name gives a relative URI, which a
// service takes as below the repository's root.
func fileURI(name string) string {
	u := url.URL{Path: filepath.ToSlash(name)}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path // C:/...
		}
	}
	return u.String()
}
