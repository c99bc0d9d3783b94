// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// column is a heading and what a row says under it.
type column struct {
	head string
	cell func(*row) string
}

// columns of a workload's table. The recorded ones are the traces'.
func columns(recorded []string) []column {
	list := []column{
		{"compile µs", func(r *row) string { return pair(r.CompileMedian, r.CompileMin) }},
		{"allocs, KB", func(r *row) string { return fmt.Sprintf("%d, %.0f", r.Allocs, float64(r.Bytes)/1024) }},
		{"insns", func(r *row) string { return strconv.Itoa(r.Instructions) }},
		{"mean", func(r *row) string { return fmt.Sprintf("%.1f", r.Mean) }},
		{"longest", func(r *row) string { return strconv.Itoa(r.Longest) }},
	}
	for _, name := range recorded {
		list = append(list, column{name, func(r *row) string { return fmt.Sprintf("%.1f", r.Recorded[name]) }})
	}
	return append(list,
		column{"bitmap", func(r *row) string { return fmt.Sprintf("%d + %d", r.Bitmap, r.BitmapCompat) }},
		column{"wrong", func(r *row) string { return fmt.Sprintf("%d + %d", r.Wrong, r.WrongForeign) }},
		column{"attach µs", func(r *row) string { return pair(r.AttachMedian, r.AttachMin) }},
		column{"allowed ns", func(r *row) string { return ns(r.Allowed) }},
		column{"denied ns", func(r *row) string { return ns(r.Denied) }},
		column{"checked ns", func(r *row) string { return ns(r.Checked) }},
	)
}

// pair is a median and a least value; 0 was not measured.
func pair(median, least float64) string {
	digits := 0
	if least == 0 {
		return "-"
	}
	if least < 10 {
		digits = 1
	}
	return fmt.Sprintf("%.*f / %.*f", digits, median, digits, least)
}

func ns(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", v)
}

// write prints the report as markdown.
func (r *report) write(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Machine)
	for rows := r.Rows; len(rows) > 0; {
		n := slices.IndexFunc(rows, func(x *row) bool { return x.Workload != rows[0].Workload })
		if n < 0 {
			n = len(rows)
		}
		writeWorkload(&b, rows[:n])
		rows = rows[n:]
	}
	writeDocuments(&b, r.Documents)
	if f := r.Floor; f != nil {
		fmt.Fprintf(&b, "\nFloor: a filter of one RET attaches in %s µs; an allowed call takes %s ns without a filter and %s ns under that one.\n",
			pair(f.AttachMedian, f.AttachMin), ns(f.Unfiltered), ns(f.Returned))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func writeWorkload(b *strings.Builder, rows []*row) {
	var recorded []string
	for _, x := range rows {
		if x.Why == "" {
			recorded = slices.Sorted(maps.Keys(x.Recorded))
			break
		}
	}
	cols := columns(recorded)
	fmt.Fprintf(b, "\n### %s\n\n| |", rows[0].Workload)
	for _, c := range cols {
		fmt.Fprintf(b, " %s |", c.head)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(cols)) + "\n")
	for _, x := range rows {
		if x.Why != "" {
			continue
		}
		fmt.Fprintf(b, "| %s |", x.Compiler)
		for _, c := range cols {
			fmt.Fprintf(b, " %s |", c.cell(x))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	for _, x := range rows {
		switch {
		case x.Why != "":
			fmt.Fprintf(b, "- no program: %s\n", x.Why)
		case x.Witness != "":
			fmt.Fprintf(b, "- %s differs first at %s\n", x.Compiler, x.Witness)
		}
	}
}

func writeDocuments(b *strings.Builder, list []*document) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\n### Docker's JSON to instructions, x86_64 + x86 + x32\n\n| | µs | allocs, KB | insns |\n|---|---|---|---|\n")
	for _, d := range list {
		if d.Why != "" {
			fmt.Fprintf(b, "| %s | %s | | |\n", d.Compiler, d.Why)
			continue
		}
		fmt.Fprintf(b, "| %s | %s | %d, %.0f | %d |\n", d.Compiler, pair(d.Median, d.Min), d.Allocs, float64(d.Bytes)/1024, d.Instructions)
	}
}
