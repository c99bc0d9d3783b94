// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// token is a word, a number or a sign, and where it stands.
type token struct {
	text string
	in   *document.Text
	at   int
}

func (t token) place() profile.Place { return t.in.Place(t.at, "") }

// lexer splits a text into the tokens of one statement after the other.
type lexer struct {
	in       *document.Text
	at       int
	notes    *document.Notes
	compiler bool // Reader.Compiler
}

// signs are all tokens that are neither words nor numbers, the longer first.
var signs = []string{"||", "&&", "==", "!=", "<=", ">=", "<", ">", "&", "|", "~", "(", ")", "{", "}", "[", "]", ":", ";", ",", "="}

// statement is the tokens up to the end of a line that has some; none at the end of
// the text. A path, which follows @include or @frequency, is one token.
func (l *lexer) statement() ([]token, error) {
	var list []token
	for {
		more, err := l.space(len(list) > 0)
		if err != nil || !more {
			return list, err
		}
		t, err := l.token(len(list) == 1 && (list[0].text == "@include" || list[0].text == "@frequency"))
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
}

// space passes what stands between tokens. Within a statement it says whether it goes
// on, and else whether there is another.
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

// continues says whether a backslash is the last of its line, and another line follows.
func (l *lexer) continues(at int) bool {
	rest := l.in.Text[at+1:]
	return strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n")
}

// comment passes the rest of the line, and the next if this ends with a backslash.
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

// token reads one.
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

func digit(c byte) bool { return c >= '0' && c <= '9' }

// word says whether a word or a number can have the byte.
func word(c byte) bool {
	return digit(c) || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
