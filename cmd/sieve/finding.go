// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"io"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// lintDocument is what lint --format json writes. Its fields are an interface: some may
// be added, none renamed.
type lintDocument struct {
	Findings []lintFinding `json:"findings"`
	Summary  lintSummary   `json:"summary"`
}

// lintSummary counts findings by severity: those that --severity shows.
type lintSummary struct {
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// lintFinding is one finding. What is not known is left out.
type lintFinding struct {
	File     string       `json:"file"`
	Line     int          `json:"line,omitempty"` // from 1; left out if not known
	Column   int          `json:"column,omitempty"`
	Path     string       `json:"path,omitempty"`
	Severity string       `json:"severity"`
	Code     profile.Code `json:"code"`
	Message  string       `json:"message"`
	Fix      string       `json:"fix,omitempty"`
	Witness  *writtenCall `json:"witness,omitempty"` // as sieve eval --calls reads it
}

// writtenCall is a call as sieve eval reads it.
type writtenCall struct {
	Arch  string    `json:"arch,omitempty"`
	Audit *uint32   `json:"audit,omitempty"` // where no ABI has the token
	Nr    uint32    `json:"nr"`
	IP    uint64    `json:"ip,omitempty"`
	Args  [6]uint64 `json:"args"`
}

// written is a call as eval reads it, by name of its ABI or, without one, by its AUDIT_ARCH.
// It is nil for no call. A program can give it to "sieve eval --calls -" unchanged.
func written(c *seccomp.Call) *writtenCall {
	if c == nil {
		return nil
	}
	if a, ok := arch.Of(c.Audit, c.Nr); ok {
		return &writtenCall{Arch: a.String(), Nr: c.Nr, IP: c.IP, Args: c.Args}
	}
	return &writtenCall{Audit: &c.Audit, Nr: c.Nr, IP: c.IP, Args: c.Args}
}

// lintJSON writes findings for programs. The list of findings is never null.
func lintJSON(w io.Writer, list []linting) error {
	// An empty slice, not nil: readers get [] and need not expect null.
	doc := lintDocument{Findings: []lintFinding{}, Summary: lintSummary{Files: len(list)}}
	for _, one := range list {
		for _, d := range one.findings {
			switch d.Severity {
			case profile.Failure:
				doc.Summary.Errors++
			case profile.Warning:
				doc.Summary.Warnings++
			default:
				doc.Summary.Infos++
			}
			doc.Findings = append(doc.Findings, lintFinding{one.name, d.Place.Line, d.Place.Column, d.Place.Path,
				d.Severity.String(), d.Code, d.Message, d.Fix, written(d.Witness)})
		}
	}
	return indented(w, doc)
}

// indented writes JSON with line breaks, and leaves <, > and & as they are: it goes to no
// web page. A line feed ends it.
func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
