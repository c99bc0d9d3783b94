// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// token is the smallest unit of a policy, and the place where it begins: a word (read,
// PROT_EXEC, kill-process), a number (0x1f, -1), a sign, or a path behind @include.
type token struct {
	text string
	in   *document.Text
	at   int
}

func (t token) place() profile.Place { return t.in.Place(t.at, "") }

// lexer splits a text into the tokens of one statement after the other.
// It keeps no token: the parser holds those of the current statement alone.
type lexer struct {
	// at is the offset in bytes of the next token in the text of in.
	in       *document.Text
	at       int
	notes    *document.Notes
	compiler bool // Compiler
}

// signs are all tokens that are neither words nor numbers. A longer sign stands before each
// shorter one that it begins with, since token takes the first that fits: "||" before "|".
var signs = []string{"||", "&&", "==", "!=", "<=", ">=", "<", ">", "&", "|", "~", "(", ")", "{", "}", "[", "]", ":", ";", ",", "="}

// statement returns the tokens of the next statement, none at the end of the text. A
// statement ends with its line, unless a backslash continues the line. Example:
//
//	mmap: arg2 in ~PROT_EXEC; return EPERM
//
// is "mmap" ":" "arg2" "in" "~" "PROT_EXEC" ";" "return" "EPERM". The second token behind
// @include and @frequency is a path and is not split: paths may have signs in them.
func (l *lexer) statement() ([]token, error) {
	var list []token
	for {
		more, err := l.space(len(list) > 0)
		if err != nil || !more {
			return list, err
		}
		t, err := l.token(len(list) == 1 && (list[0].text == "@include" || list[0].text == "@frequency"))
		if err != nil {
			return list, err
		}
		list = append(list, t)
	}
}

// space skips white space, comments and continued line ends. Within a statement it reports
// whether the statement goes on. Outside of one it reports whether there is another, and
// skips the ends of empty lines for that.
//
// A carriage return counts as white space only before a line feed, as at the ends of lines
// that Windows writes. Elsewhere token refuses it.
func (l *lexer) space(within bool) (bool, error) {
	text := l.in.Text
	for l.at < len(text) {
		switch c := text[l.at]; {
		case c == '\n' && within:
			return false, nil
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' && strings.HasPrefix(text[l.at+1:], "\n"):
			l.at++
		case c == '#':
			if err := l.comment(); err != nil {
				return false, err
			}
		case c == '\\' && l.continues(l.at):
			l.at += strings.IndexByte(text[l.at:], '\n') + 1
		default:
			return true, nil
		}
	}
	return false, nil
}

// continues reports whether the backslash at an offset is the last byte of its line, and
// another line follows. Any other backslash is no token, and an error.
func (l *lexer) continues(at int) bool {
	rest := l.in.Text[at+1:]
	return strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n")
}

// comment skips a comment, which ends with its line. The two compilers differ on a comment
// whose line ends with a backslash, for example
//
//	# allow read \
//	write: 1
//
// minijail0 joins lines before it looks for "#", and never sees the rule for write.
// compile_seccomp_policy.py finds "#.*$" in each line (tokenize, parser.py), and sees it.
func (l *lexer) comment() error {
	for {
		from := l.at
		end := strings.IndexByte(l.in.Text[from:], '\n')
		if end < 0 {
			l.at = len(l.in.Text)
			return nil
		}
		l.at += end
		last := len(strings.TrimRight(l.in.Text[from:l.at], "\r")) - 1
		if last < 0 || l.in.Text[from+last] != '\\' {
			return nil
		}
		if l.compiler { // the comment ends, and the line goes on
			l.at++
			return nil
		}
		err := l.notes.Warn(commentCode, l.in.Place(from+last, ""), "remove the backslash",
			"the comment goes on in the next line for minijail0, and does not for compile_seccomp_policy.py")
		if err != nil {
			return err
		}
		l.at++
	}
}

// token reads one token. The caller has skipped white space and knows that text is left.
// Words may hold "-" and "@" behind their first byte, as kill-process and group@namespace
// do. That is the set of parser.py's IDENTIFIER and ACTION. A "-" begins a token only
// before a digit: there is no subtraction.
func (l *lexer) token(path bool) (token, error) {
	rest := l.in.Text[l.at:]
	n := 0
	switch {
	case path:
		n = strings.IndexAny(rest, " \t\r\n#")
	case rest[0] == '@' || word(rest[0]) || rest[0] == '-' && len(rest) > 1 && digit(rest[1]):
		n = 1 + strings.IndexFunc(rest[1:], func(c rune) bool {
			return c >= 0x80 || !word(byte(c)) && !(c == '-' || c == '@') // kill-process, group@namespace
		})
		if n == 0 {
			n = -1
		}
	default:
		for _, s := range signs {
			if strings.HasPrefix(rest, s) {
				n = len(s)
				break
			}
		}
		if n == 0 {
			return token{}, document.Fail(profile.ErrSyntax, "syntax", l.in.Place(l.at, ""), "unexpected %q", []rune(rest)[0])
		}
	}
	if n < 0 {
		n = len(rest)
	}
	t := token{rest[:n], l.in, l.at}
	l.at += n
	return t, nil
}

// digit reports whether a byte is a decimal digit, which only a number begins with.
func digit(c byte) bool { return c >= '0' && c <= '9' }

// word says whether a word or a number can have the byte. Letters are those of ASCII: names
// of calls and constants have no others, and a look-alike in another alphabet is an error.
func word(c byte) bool {
	return digit(c) || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
