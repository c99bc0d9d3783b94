// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Profile is a policy as it was written: nothing in it depends on a machine.
type Profile struct {
	// Kill is what happens to calls that no line allows, to those through another
	// ABI, and where a line says "kill". The zero value is KILL_THREAD; KillProcess
	// is for a filter of all threads (minijail0 -T, compile_seccomp_policy.py
	// --use-kill-process).
	Kill seccomp.Action
	// AllowDuplicates takes the first of several lines for a system call, as a
	// minijail does that was built with ALLOW_DUPLICATE_SYSCALLS. Without it they
	// are an error.
	AllowDuplicates bool
	// Warnings are what is surprising in the text. Those of resolving come with
	// the policy, behind these.
	Warnings []profile.Diagnostic

	text     *document.Text
	compiler bool           // Compiler
	names    *constantsFile // of ParseConstants
	fallback *action        // @default
	denylist bool
	lines    []line
}

// line is the filters for some calls, "ioctl: arg1 == TCGETS || arg1 == TCSETS". The first
// filter whose expression holds decides. At most one of the filters, the last, has no
// clauses: nothing behind that is reached.
type line struct {
	calls   []call
	filters []filter
	// mismatch is the errno of "expression; return ERRNO" as minijail0 reads it: the answer
	// where no filter's expression holds. It is nil where the default answers.
	mismatch *action
	first    token
	text     string // as the author wrote it, in one line: see joined
}

// call is a system call by its name in package arch, or by number. The number is written by
// the author (minijail0 takes it) or comes from constants.json, which wins over package
// arch: the compiler knows no other numbers.
type call struct {
	token    token
	byNumber bool
	number   uint32
	arches   []arch.Arch // none is all
}

// filter is an expression in disjunctive normal form and the action where it holds. A
// filter without clauses holds for every call. The syntax allows no other form: there are
// no parentheses around conditions, and "&&" binds tighter than "||".
type filter struct {
	clauses [][]atom // one of them must hold, with all of its atoms
	action  action
	token   token
}

// atom is a condition on one argument, "arg2 in ~PROT_EXEC". Its value is computed when the
// policy is resolved, since constants differ between ABIs.
type atom struct {
	index    int
	operator string
	value    *value
	token    token
}

// action is what happens to a call. One of three fields holds: errno for "return", kill for
// "kill" (which Profile.Kill decides later), or else plain.
type action struct {
	token token
	kill  bool // Profile.Kill
	plain seccomp.Action
	// errno is a value and no number, since names of errnos and their numbers depend on the
	// ABI: ENOSYS is 38, and 89 on MIPS.
	errno *value
}

// parser reads statements. It holds one statement's tokens at a time; each method removes
// those that it reads.
type parser struct {
	profile *Profile
	notes   *document.Notes
	reader  reader
	size    int // the largest document, with all that it includes
	depth   int // how deep expressions nest
	options []profile.ParseOption
	left    int // bytes that included files may have
	end     profile.Place
	tokens  []token
	extra   bool // that only one compiler takes this was said
}

// file reads all statements of one file. The level is 0 for the policy itself, and one more
// for each @include on the way to the file.
//
// The compiler asks of each file whether it is a deny list (_parse_policy_file in
// parser.py), so an included file of a deny list must say @denylist too. minijail0 takes
// that word in the first file alone.
func (p *parser) file(in *document.Text, level int) error {
	l := &lexer{in: in, notes: p.notes, compiler: p.reader.compiler}
	listed := false // that this file says it is a deny list
	for {
		tokens, err := l.statement()
		if err != nil && len(tokens) > 0 && tokens[0].text[0] == '@' && !slices.Contains(directives(), tokens[0].text) {
			p.tokens = tokens
			return p.statement(level) // which refuses the first word: "@inculde ./x"
		}
		if err != nil {
			return err
		}
		if len(tokens) == 0 {
			break
		}
		listed = listed || tokens[0].text == "@denylist"
		p.tokens, p.end = tokens, in.Place(l.at, "")
		if err := p.statement(level); err != nil {
			return err
		}
		if len(p.tokens) > 0 {
			return p.unexpected("the end of the line")
		}
	}
	if p.profile.denylist && p.reader.compiler && !listed {
		return document.Fail(profile.ErrProfile, denylistCode, in.Place(-1, ""), "a file that a deny list includes must have the line @denylist")
	}
	return nil
}

// unexpected is the syntax error for the next token, or for the end of the line. All errors
// of the grammar come through it, so each says what was found and what was wanted there.
func (p *parser) unexpected(want string) error {
	if len(p.tokens) == 0 {
		return document.Fail(profile.ErrSyntax, "syntax", p.end, "the line ends, want %s", want)
	}
	return document.Fail(profile.ErrSyntax, "syntax", p.tokens[0].place(), "unexpected %q, want %s", text.Clip(p.tokens[0].text), want)
}

// next is the text of the next token, empty at the end of the line.
func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0].text
}

// take removes the next token. The caller has seen that there is one.
func (p *parser) take() token {
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	return t
}

// accept takes a sign if it stands next.
func (p *parser) accept(sign string) bool {
	if p.next() != sign {
		return false
	}
	p.take()
	return true
}

// expect takes a sign that must stand next.
func (p *parser) expect(sign string) error {
	if !p.accept(sign) {
		return p.unexpected(strconv.Quote(sign))
	}
	return nil
}

// python notes that only the other compiler takes this, and so that minijail0 refuses the
// whole policy. The first such place is enough: a policy for that compiler has one in nearly
// every line. It is no error, because the meaning is not in doubt.
func (p *parser) python(t token, what string) {
	if !p.extra && !p.reader.compiler {
		p.extra = true
		p.notes.Info(compilerCode, t.place(), "", "%s: only compile_seccomp_policy.py takes this, minijail0 refuses the policy", what)
	}
}

// statement reads one statement: a directive, which begins with "@", or a line for calls.
//
//	@include ./common.policy
//	@default kill-process
//	read: 1
//
// minijail0 takes @denylist as the first line alone, and once; the compiler takes it anywhere.
//
// A file of frequencies (@frequency) tells the compiler which calls to test first. That
// changes the speed of its filter and no decision, so the file is not opened.
func (p *parser) statement(level int) error {
	first := p.tokens[0]
	switch first.text {
	case "@include":
		return p.included(level)
	case "@frequency":
		if p.take(); len(p.tokens) == 0 {
			return p.unexpected("a path")
		}
		p.notes.Info(frequencyCode, p.take().place(), "", "frequencies change no decision: the file is not read")
		return nil
	case "@default":
		return p.byDefault()
	case "@denylist":
		if !p.reader.compiler && (len(p.profile.lines) > 0 || p.profile.denylist || level > 0) {
			return document.Fail(profile.ErrProfile, denylistCode, first.place(), "@denylist must be the first line, once")
		}
		p.take()
		p.profile.denylist = true
		return nil
	}
	if strings.HasPrefix(first.text, "@") {
		return p.unexpected("@include, @frequency, @default or @denylist" + near(first.text, directives()))
	}
	return p.line()
}

// included reads "@include PATH". The path must begin with "/" or "./" (PATH in parser.py).
//
// All files together share one limit of bytes (left). Otherwise a small policy could make
// the caller read a large amount through files that include others several times each.
func (p *parser) included(level int) error {
	word := p.take()
	at := word.place()
	path := p.next()
	if path == "" {
		return p.unexpected("a path")
	}
	p.take()
	if level > 0 && !p.reader.compiler {
		return document.Fail(profile.ErrProfile, includeDepth, at, "an included file cannot include another for minijail0; compile_seccomp_policy.py takes it (--minijail-compiler)")
	}
	if level >= deepestInclude {
		return document.Fail(profile.ErrProfile, includeDepth, at, "files include each other more than %d deep", deepestInclude)
	}
	if !strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "./") {
		return document.Fail(profile.ErrProfile, includeCode, at, "path %q: want one that begins with / or ./", text.Clip(path))
	}
	if p.reader.include == nil {
		return document.Fail(profile.ErrProfile, includeCode, at, "the policy includes %q, which the reader was not given", text.Clip(path))
	}
	path = p.pathOf(word.in, path)
	doc, err := p.reader.include(path)
	if err != nil {
		return document.Fail(profile.ErrProfile, includeCode, at, "cannot include %q: %v", text.Clip(path), err)
	}
	if p.left -= len(doc); p.left < 0 {
		return document.Fail(profile.ErrLimit, "too-large", at, "with the included files the policy has more than %d bytes", p.size)
	}
	text, _, _, err := document.Open(doc, append(p.options[:len(p.options):len(p.options)], profile.File(path))...)
	if err != nil {
		return err
	}
	// The statement that includes is not finished: the caller checks that nothing follows the
	// path. Reading the file overwrites the parser's tokens, so they are put back.
	rest, end := p.tokens, p.end
	err = p.file(text, level+1)
	p.tokens, p.end = rest, end
	return err
}

// byDefault reads "@default ACTION", which only the compiler takes. Actions that let a call
// run are refused, as in _parse_default_action of parser.py: a policy lists what it allows.
// An errno is refused there too.
func (p *parser) byDefault() error {
	at := p.take()
	p.python(at, "@default")
	if p.profile.fallback != nil && !p.reader.compiler {
		return document.Fail(profile.ErrProfile, defaultCode, at.place(), "a second @default")
	}
	if p.next() == "return" {
		return p.unexpected("kill, kill-process, kill-thread, trap or user-notify")
	}
	a, err := p.action()
	if err != nil {
		return err
	}
	if a.plain == seccomp.Allow || a.plain == seccomp.Log || a.plain == seccomp.Trace(0) {
		return document.Fail(profile.ErrProfile, defaultCode, a.token.place(),
			"%q cannot be the default, want kill, kill-process, kill-thread, trap or user-notify", a.token.text)
	}
	p.profile.fallback = &a
	return nil
}

// line reads a statement about calls: one call or several in braces, a colon, and filters.
//
//	filter_statement = call | "{" call { "," call } "}" , ":" , filters
func (p *parser) line() error {
	l := line{first: p.tokens[0], text: joined(p.tokens)}
	if p.next() == "{" {
		p.python(p.take(), "several system calls in braces")
		for {
			if err := p.call(&l); err != nil {
				return err
			}
			if !p.accept(",") {
				break
			}
		}
		if err := p.expect("}"); err != nil {
			return err
		}
	} else if err := p.call(&l); err != nil {
		return err
	}
	if err := p.expect(":"); err != nil {
		return err
	}
	if err := p.filters(&l); err != nil {
		return err
	}
	if err := p.checkDenylist(&l); err != nil {
		return err
	}
	p.profile.lines = append(p.profile.lines, l)
	return nil
}

// joined returns a statement as one line without comments and continuations. The result is
// read again when a change is tried (changeFinder), so only its white space may differ from
// what the author wrote. Tokens are all that is left of a statement, so it cannot be cut out
// of the text: an included file or a comment may stand between two of them.
func joined(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.text != ":" && t.text != ";" && t.text != "," && tokens[i-1].text != "~" {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// checkDenylist refuses what the two compilers read differently in a deny list: anything
// but "return ERRNO" without a condition, which means the same to both.
//
//	@denylist
//	reboot: return EPERM
//
// The compiler's own deny lists may have conditions, see denials.
func (p *parser) checkDenylist(l *line) error {
	if !p.profile.denylist || p.reader.compiler {
		return nil
	}
	if f := &l.filters[0]; len(l.filters) > 1 || len(f.clauses) > 0 || f.action.errno == nil {
		return document.Fail(profile.ErrProfile, denylistCode, f.token.place(),
			"in a deny list minijail0 and compile_seccomp_policy.py mean different things by this: want only \"return\" and an errno")
	}
	return nil
}

// call reads one call and appends it to the line. A call is a name, a number (which
// minijail0 alone takes), or group@namespace, which constants.json defines. A condition on
// the machine may follow: read[arch=arm].
func (p *parser) call(l *line) error {
	if len(p.tokens) == 0 || !word(p.tokens[0].text[0]) {
		return p.unexpected("a system call")
	}
	c := call{token: p.take()}
	name := c.token.text
	if group, namespace, ok := strings.Cut(name, "@"); ok {
		return p.group(l, &c, group, namespace)
	}
	if digit(name[0]) && p.reader.compiler {
		return document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "%q: compile_seccomp_policy.py takes no number of a call, want its name", text.Clip(name))
	}
	if digit(name[0]) {
		n, err := strconv.ParseUint(name, 0, 32)
		if err != nil {
			return document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "%q is no number of a system call", text.Clip(name))
		}
		c.byNumber, c.number = true, uint32(n)
	}
	if p.next() == "[" {
		if err := p.metadata(&c); err != nil {
			return err
		}
	}
	if nr, ok := p.numberOf(name); ok {
		c.byNumber, c.number = true, nr
	}
	l.calls = append(l.calls, c)
	return nil
}

// numberOf is the number that constants.json has for a call. It wins over package arch: the
// file is for the very machine that the policy is for.
func (p *parser) numberOf(name string) (uint32, bool) {
	if p.reader.constants == nil {
		return 0, false
	}
	nr, ok := p.reader.constants.calls[name]
	return nr, ok
}

// group adds the calls of a group, which a policy names "group@namespace" and constants.json
// defines. An empty group or an unknown one would silently allow less than the author meant,
// so an unknown one is an error; and so is a member without a number, which no filter could
// name.
func (p *parser) group(l *line, c *call, name, namespace string) error {
	var calls []string
	known := false
	if p.reader.constants != nil {
		calls, known = p.reader.constants.group(name, namespace)
	}
	if !known {
		return document.Fail(profile.ErrProfile, groupCode, c.token.place(), "group %q: groups are defined in constants.json, which has none of that name or was not given: write the names", text.Clip(c.token.text))
	}
	if p.next() == "[" {
		if err := p.metadata(c); err != nil {
			return err
		}
	}
	for _, member := range calls {
		nr, ok := p.numberOf(member)
		if !ok {
			return document.Fail(profile.ErrProfile, groupCode, c.token.place(), "group %q: constants.json has no number for %q", text.Clip(c.token.text), text.Clip(member))
		}
		one := *c
		one.byNumber, one.number = true, nr
		l.calls = append(l.calls, one)
	}
	return nil
}

// metadata reads a condition on the machine behind a call:
//
//	arch_prctl[arch=x86_64]: 1
//	{ mmap, mmap2[arch=arm,x86] }: arg2 in ~PROT_EXEC
//
// The call counts where one of the machines is the target. Package arch's other names of a
// machine are taken too.
func (p *parser) metadata(c *call) error {
	p.python(p.take(), "a condition on the machine")
	if p.next() != "arch" {
		return p.unexpected("arch")
	}
	p.take()
	if err := p.expect("="); err != nil {
		return err
	}
	for {
		if len(p.tokens) == 0 {
			return p.unexpected("a machine")
		}
		t := p.take()
		a, err := arch.Parse(t.text)
		if err != nil {
			return document.Fail(profile.ErrProfile, metadataCode, t.place(), "unknown machine %q", text.Clip(t.text))
		}
		c.arches = append(c.arches, a)
		if !p.accept(",") {
			return p.expect("]")
		}
	}
}

// filters reads what stands behind the colon: one filter, or several in braces, which are
// tried in order (parse_filter in parser.py).
//
//	ioctl: { arg1 == TCGETS, arg1 == TIOCSTI; return EPERM, kill-process }
func (p *parser) filters(l *line) error {
	if p.next() != "{" {
		f, err := p.filter(l, false)
		l.filters = append(l.filters, f)
		return err
	}
	p.python(p.take(), "several filters in braces")
	for {
		f, err := p.filter(l, true)
		if err != nil {
			return err
		}
		if n := len(l.filters); n > 0 && len(l.filters[n-1].clauses) == 0 {
			return document.Fail(profile.ErrProfile, afterCode, f.token.place(), "a filter behind one that always holds")
		}
		l.filters = append(l.filters, f)
		if !p.accept(",") {
			return p.expect("}")
		}
	}
}

// filter reads an expression with an optional action, or an action alone.
//
// An errno behind an expression is the place where the compilers mean opposite things. For
// "arg1 == TCGETS; return EPERM" minijail0 allows TCGETS and returns EPERM for the rest
// (compile_section, syscall_filter.c). compile_seccomp_policy.py returns EPERM for TCGETS,
// and the rest gets the default action. In braces only the compiler's reading exists.
func (p *parser) filter(l *line, braces bool) (f filter, err error) {
	if len(p.tokens) == 0 {
		return f, p.unexpected("an expression or an action")
	}
	f.token = p.tokens[0]
	if !strings.HasPrefix(f.token.text, "arg") {
		f.action, err = p.action()
		return f, err
	}
	if f.clauses, err = p.expression(); err != nil {
		return f, err
	}
	f.action = action{token: f.token, plain: seccomp.Allow}
	if !p.accept(";") {
		return f, nil
	}
	a, err := p.action()
	switch {
	case err != nil:
		return f, err
	case a.errno != nil && !braces && !p.reader.compiler:
		l.mismatch = &a
		p.notes.Info(returnCode, a.token.place(), "", "minijail0 returns the errno where the expression does not hold, "+
			"compile_seccomp_policy.py where it does")
	default:
		f.action = a
		p.python(a.token, "an action behind an expression")
	}
	return f, nil
}

// plainActions are the actions of one word whose meaning no option changes. minijail0 takes
// only "1" of them.
var plainActions = sync.OnceValue(func() map[string]seccomp.Action {
	return map[string]seccomp.Action{
		"1": seccomp.Allow, "allow": seccomp.Allow, "kill-process": seccomp.KillProcess, "kill-thread": seccomp.KillThread,
		"trap": seccomp.Trap(0), "trace": seccomp.Trace(0), "log": seccomp.Log, "user-notify": seccomp.Notify,
	}
})

const actionWords = "1, allow, kill, kill-process, kill-thread, trap, trace, log, user-notify or return"

// action reads an action: one word, or "return" and an errno.
//
//	kill-process
//	return ENOSYS
//
// "kill" is kept as such, because an option of the tool says what it kills (Profile.Kill).
func (p *parser) action() (action, error) {
	word := p.next()
	plain, ok := plainActions()[word]
	switch {
	case ok:
		a := action{token: p.take(), plain: plain}
		if word != "1" {
			p.python(a.token, "action "+word)
		}
		return a, nil
	case word == "kill":
		p.python(p.tokens[0], "action kill")
		return action{token: p.take(), kill: true}, nil
	case word == "return":
		a := action{token: p.take()}
		v, err := p.errno()
		a.errno = v
		return a, err
	}
	want := actionWords
	known := append(slices.Sorted(maps.Keys(plainActions())), "kill", "return")
	return action{}, p.unexpected(want + near(word, append(known, arguments()...)))
}

// directives are the statements that begin with "@".
func directives() []string { return []string{"@include", "@frequency", "@default", "@denylist"} }

// arguments are the words for a call's arguments.
func arguments() []string { return []string{"arg0", "arg1", "arg2", "arg3", "arg4", "arg5"} }

// near is the end of an error about a word; empty where none of those known is near.
func near(word string, known []string) string {
	if found := wording.Meant(word, known); found != "" && found != word {
		return fmt.Sprintf("; did you mean %q?", found)
	}
	return ""
}

// errno reads the value behind "return". minijail0 takes any value there. The compiler
// takes a single constant, without "~", "|" and parentheses (_parse_single_constant in
// parser.py).
func (p *parser) errno() (*value, error) {
	if !p.reader.compiler {
		return p.value(0)
	}
	if next := p.next(); next == "~" || next == "(" {
		return nil, p.unexpected("a single constant")
	}
	t, err := p.term(0)
	return &value{[]term{t}}, err
}

// expression reads clauses joined by "||", which are atoms joined by "&&":
//
//	arg0 == AF_UNIX && arg1 == SOCK_STREAM || arg0 == AF_NETLINK
//
// is two clauses, the first of two atoms. "&&" binds tighter, and parentheses around
// conditions are no part of the grammar.
func (p *parser) expression() (clauses [][]atom, err error) {
	for {
		var clause []atom
		for {
			a, err := p.atom()
			if err != nil {
				return nil, err
			}
			clause = append(clause, a)
			if !p.accept("&&") {
				break
			}
		}
		clauses = append(clauses, clause)
		if !p.accept("||") {
			return clauses, nil
		}
	}
}

// operators are those of atoms. "&" and "in" have no operator of package seccomp: resolving
// makes masks of them (resolver.atom).
var operators = sync.OnceValue(func() map[string]seccomp.Op {
	return map[string]seccomp.Op{
		"==": seccomp.EQ, "!=": seccomp.NE, "<": seccomp.LT, "<=": seccomp.LE, ">": seccomp.GT, ">=": seccomp.GE,
		"&": 0, "in": 0,
	}
})

// atom reads "argN OPERATOR VALUE". N is one digit, so that "arg01" is no argument. An index
// above 5 gets an error of its own: its author meant an argument, and a call has six.
func (p *parser) atom() (a atom, err error) {
	number, ok := strings.CutPrefix(p.next(), "arg")
	if n, err := strconv.ParseUint(number, 10, 8); ok && err == nil && len(number) == 1 {
		a.index = int(n)
	} else if ok && number != "" && strings.Trim(number, "0123456789") == "" {
		return a, document.Fail(profile.ErrProfile, indexCode, p.tokens[0].place(), "a call has no argument %s, want 0 to 5", text.Clip(number))
	} else {
		return a, p.unexpected("an argument, arg0 to arg5" + near(p.next(), arguments()))
	}
	if a.token = p.take(); a.index > 5 {
		return a, document.Fail(profile.ErrProfile, indexCode, a.token.place(), "a call has no argument %d, want 0 to 5", a.index)
	}
	if _, ok := operators()[p.next()]; !ok {
		return a, p.unexpected("an operator, ==, !=, <, <=, >, >=, & or in" + near(p.next(), slices.Sorted(maps.Keys(operators()))))
	}
	a.operator = p.take().text
	a.value, err = p.value(0)
	return a, err
}

// value reads constants joined by "|", as in "O_RDWR|O_CREAT". The depth counts open
// parentheses, which profile.Limits bounds: the reader recurses once for each, so without a
// bound the depth of the stack would be up to the author of the policy.
func (p *parser) value(depth int) (*value, error) {
	v := &value{}
	for {
		t, err := p.term(depth)
		if err != nil {
			return nil, err
		}
		v.terms = append(v.terms, t)
		if !p.accept("|") {
			return v, nil
		}
	}
}

// term reads "~" at most once, and then a number, a name or a value in parentheses. Two "~"
// are an error, as for the compiler ("invalid double complement").
func (p *parser) term(depth int) (t term, err error) {
	t.not = p.accept("~")
	if len(p.tokens) == 0 {
		return t, p.unexpected("a constant")
	}
	t.token = p.tokens[0]
	switch c := t.token.text[0]; {
	case c == '(':
		p.take()
		if depth >= p.depth {
			return t, document.Fail(profile.ErrLimit, "too-deep", t.token.place(), "nested deeper than %d", p.depth)
		}
		if t.inner, err = p.value(depth + 1); err != nil {
			return t, err
		}
		return t, p.expect(")")
	case digit(c) || c == '-':
		return t, p.number(&t)
	case word(c) && !strings.ContainsAny(t.token.text, "-@"):
		p.take()
		t.name = true
		return t, nil
	}
	return t, p.unexpected("a constant")
}

// number reads a number as strtol(3) does with base 0, which is what both compilers do
// (parse_single_constant in util.c and in parser.py). strconv's base 0 takes more, and that
// is refused: 0b and 0o prefixes, and "_" between digits. A leading 0 makes a number octal:
// 017 is 15.
func (p *parser) number(t *term) error {
	digits, minus := strings.CutPrefix(p.next(), "-")
	n, err := strconv.ParseUint(digits, 0, 64)
	if err != nil || strings.ContainsAny(digits, "_oObB") && !strings.HasPrefix(strings.ToLower(digits), "0x") || strings.Contains(digits, "_") {
		if ne, ok := err.(*strconv.NumError); ok && ne.Err == strconv.ErrRange {
			return document.Fail(profile.ErrProfile, overflowCode, t.token.place(), "%s is too large for 64 bits", text.Clip(t.token.text))
		}
		return p.unexpected("a number: decimal, octal (017) or hexadecimal (0x1f)")
	}
	p.take()
	t.minus, t.number = minus, n
	return nil
}
