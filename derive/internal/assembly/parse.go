// SPDX-License-Identifier: Apache-2.0

// Package assembly reads Go's assembler files for what matters to a filter: the system
// calls that functions make, with their numbers, and the functions that they name. It is
// no assembler: what it does not understand where a number could come from is unknown.
package assembly

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Place is a line of a file.
type Place struct {
	File string
	Line int
}

// File is what an assembler file defines.
type File struct {
	Functions []*Function
	Named     []Reference // functions and variables that data refers to
}

// Function is a TEXT.
type Function struct {
	Symbol   string // as the linker has it: "runtime.exit"
	Place    Place
	Internal bool           // takes its arguments in registers (<ABIInternal>)
	Calls    []Call         // system calls
	Refs     []Reference    // functions and variables that it names
	Raw      []Place        // machine code that could be a system call
	Written  map[int64]bool // words of its own arguments that it writes, by offset

	body []instruction
}

// Reference is a symbol by its name, and what it is called with.
type Reference struct {
	Symbol string
	Place  Place
	Inside bool          // names a place in the symbol, not its start
	Jump   bool          // leaves its own arguments to the symbol
	Args   map[int]Value // words of the stack that were stored before, by offset
}

// Call is a system call.
type Call struct {
	Place  Place
	Number Value
	Args   [6]Value
}

// Value is what is known of a register or a word.
type Value struct {
	Kind Kind
	N    int64 // Const: the value; Param: the offset from the arguments' start; Register: the number of the argument
	// Or are bits that are set in it after that, and May those that are set on some ways.
	Or, May int64
}

// Kind says what is known.
type Kind uint8

// The kinds.
const (
	Unknown  Kind = iota
	Const         // a number
	Param         // an argument on the stack, by its offset
	Register      // an argument in a register, by its place among them
)

// instruction is one line of a function.
type instruction struct {
	op       string
	operands []string
	place    Place
}

// Config says how files are read.
type Config struct {
	GOARCH   string
	Includes []string // folders for #include
	Package  string   // its path, as the linker has it
}

// Read reads the assembler files of a package.
func Read(c Config, files []string) (*File, error) {
	m := machineOf(c.GOARCH)
	if m == nil {
		return nil, fmt.Errorf("the assembler of %s is not understood", c.GOARCH)
	}
	out := new(File)
	for _, name := range files {
		p := &preprocessor{folders: c.Includes, macros: map[string]macro{"GOOS_linux": {body: "1"}, "GOARCH_" + c.GOARCH: {body: "1"}}}
		for _, d := range m.defines {
			p.macros[d] = macro{body: "1"}
		}
		if err := p.file(name); err != nil {
			return nil, err
		}
		if err := out.parse(p.lines, c.Package); err != nil {
			return nil, err
		}
	}
	for _, f := range out.Functions {
		f.refer(c.Package)
		m.flow(f)
	}
	return out, nil
}

// label matches a label at the start of a line.
var label = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([\pL_][\pL\pN_·∕]*):\s*`) })

// parse divides lines into functions and data.
func (f *File) parse(lines []line, pkg string) error {
	var now *Function
	for _, l := range lines {
		place := Place{l.file, l.nr}
		text := l.text
		for {
			found := label().FindStringSubmatch(text)
			if found == nil {
				break
			}
			if now != nil {
				now.body = append(now.body, instruction{op: ":", operands: []string{found[1]}, place: place})
			}
			text = text[len(found[0]):]
		}
		if text == "" {
			continue
		}
		op, rest, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
		operands := split(rest)
		switch op {
		case "TEXT":
			if len(operands) == 0 {
				return fmt.Errorf("%s:%d: TEXT without a symbol", place.File, place.Line)
			}
			now = &Function{Symbol: symbolOf(operands[0], pkg), Place: place, Internal: strings.Contains(operands[0], "<ABIInternal>")}
			f.Functions = append(f.Functions, now)
		case "DATA":
			for _, o := range operands[min(1, len(operands)):] {
				for _, s := range symbols(o, pkg) {
					f.Named = append(f.Named, Reference{Symbol: s, Place: place})
				}
			}
		case "GLOBL", "PCDATA", "FUNCDATA", "NO_LOCAL_POINTERS", "GO_ARGS", "GO_RESULTS_INITIALIZED":
		default:
			if now != nil {
				now.body = append(now.body, instruction{op: op, operands: operands, place: place})
			}
		}
	}
	return nil
}

// refer collects the symbols that the function names. Those of calls stand in flow, with
// what is on the stack.
func (f *Function) refer(pkg string) {
	for i := range f.body {
		in := &f.body[i]
		if in.op == ":" {
			continue
		}
		for _, o := range in.operands {
			for i, s := range symbols(o, pkg) {
				offset := symbol().FindAllStringSubmatch(o, -1)[i][3]
				f.Refs = append(f.Refs, Reference{Symbol: s, Place: in.place, Jump: jumps(in.op), Inside: offset != "" && offset != "+0"})
			}
		}
	}
}

// split splits operands at commas that stand outside of brackets.
func split(text string) (list []string) {
	depth, start := 0, 0
	quoted := false
	for i, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case r == ',' && depth == 0:
			list = append(list, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(text[start:]); last != "" {
		list = append(list, last)
	}
	return list
}

// symbol matches name<abi>+offset(SB).
var symbol = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`([\pL_·∕.][\pL\pN_·∕.%]*)(<[^>]*>)?([+-][^()]*)?\(SB\)`)
})

// symbols are the symbols in an operand.
func symbols(operand, pkg string) (list []string) {
	if !strings.Contains(operand, "(SB)") {
		return nil
	}
	for _, found := range symbol().FindAllStringSubmatch(operand, -1) {
		list = append(list, spell(found[1], found[2], pkg))
	}
	return list
}

// symbolOf is the one symbol of an operand.
func symbolOf(operand, pkg string) string {
	if list := symbols(operand, pkg); len(list) > 0 {
		return list[0]
	}
	return operand
}

// spell writes a symbol as the linker has it. One with <> is the file's own: it has the
// package's path and a mark.
func spell(name, abi, pkg string) string {
	name = strings.NewReplacer("·", ".", "∕", "/", "%2e", ".").Replace(name)
	if strings.HasPrefix(name, ".") {
		name = pkg + name
	}
	if abi == "<>" {
		return name + "<>" + pkg
	}
	return name
}
