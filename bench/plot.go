// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"image/color"
	"path/filepath"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	_ "gonum.org/v1/plot/vg/vgsvg" // the format of .svg
)

// plots writes the drawings that go with the tables.
func plots(dir string, rows []*row) error {
	for _, p := range []struct {
		file, title, unit string
		value             func(*row) float64
	}{
		{"performance-path.svg", "Instructions executed for a call, mean over numbers 0 to 470", "instructions",
			func(r *row) float64 { return r.Mean }},
		{"performance-attach.svg", "The seccomp() call that attaches the filter, least time", "µs",
			func(r *row) float64 { return r.AttachMin }},
	} {
		if err := drawing(filepath.Join(dir, p.file), p.title, p.unit, rows, p.value); err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
	}
	return nil
}

// The compilers' colours, which people with any colour vision can tell apart
// (Okabe and Ito), and shapes, for print.
var (
	colours = []color.Color{
		color.RGBA{213, 94, 0, 255}, color.RGBA{0, 114, 178, 255}, color.RGBA{86, 180, 233, 255},
		color.RGBA{0, 158, 115, 255}, color.RGBA{204, 121, 167, 255}, color.RGBA{230, 159, 0, 255},
	}
	shapes = []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.SquareGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{},
	}
)

// drawing is one dot a compiler and workload, on a logarithmic scale: peers
// differ by a factor of thirty.
func drawing(file, title, unit string, rows []*row, value func(*row) float64) error {
	p := plot.New()
	p.Title.Text, p.Y.Label.Text = title, unit
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(ticks)
	p.Add(plotter.NewGrid())
	p.Legend.Top, p.Legend.Padding = true, vg.Points(3)
	p.Legend.TextStyle.Font.Size = vg.Points(9)

	var workloads, compilers []string
	at := map[string]int{} // of a workload or compiler
	index := func(list *[]string, name string) int {
		if _, ok := at[name]; !ok {
			at[name] = len(*list)
			*list = append(*list, name)
		}
		return at[name]
	}
	dots := map[string]plotter.XYs{}
	for _, r := range rows {
		w, c := index(&workloads, r.Workload), index(&compilers, r.Compiler)
		if v := value(r); r.Why == "" && v > 0 {
			dots[r.Compiler] = append(dots[r.Compiler], plotter.XY{X: float64(w) + 0.1*float64(c), Y: v})
		}
	}
	for i, name := range compilers {
		if len(dots[name]) == 0 {
			continue
		}
		s, err := plotter.NewScatter(dots[name])
		if err != nil {
			return err
		}
		s.GlyphStyle = draw.GlyphStyle{Color: colours[i%len(colours)], Shape: shapes[i%len(shapes)], Radius: vg.Points(4)}
		p.Add(s)
		p.Legend.Add(name+"   ", s) // some fonts are wider than the one that is measured
	}
	p.NominalX(workloads...)
	p.X.Max = float64(len(workloads)) + 1.2 // room for the legend
	return p.Save(vg.Centimeter*vg.Length(8+2*len(workloads)), 11*vg.Centimeter, file)
}

// ticks are 1, 2 and 5 times the powers of ten.
func ticks(low, high float64) []plot.Tick {
	var list []plot.Tick
	for base := 1.0; base <= high; base *= 10 {
		for _, v := range []float64{base, 2 * base, 5 * base} {
			if low <= v && v <= high {
				list = append(list, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'f', -1, 64)})
			}
		}
	}
	return list
}
