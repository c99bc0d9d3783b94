// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/shared"
)

// shellRows are what a person types, and what a TAB must make of it in every shell.
var shellRows = map[string]struct{ typed, want string }{
	"a command":              {"sieve conv", "sieve convert"},
	"a flag":                 {"sieve compile --enos", "--enosys"},
	"a value":                {"sieve compile --format a", "asm"},
	"a value behind =":       {"sieve compile --format=a", "--format=asm"},
	"an architecture":        {"sieve compile --arch aarc", "aarch64"},
	"a dialect":              {"sieve convert --to minij", "minijail"},
	"a call":                 {"sieve explain rt_sigqueueinf", "rt_sigqueueinfo"},
	"a file":                 {"sieve lint relaxed-pro", "relaxed-profile.json"},
	"a file behind --":       {"sieve run -- cat relaxed-pro", "relaxed-profile.json"},
	"a file for a flag":      {"sieve compile --profile relaxed-pro", "relaxed-profile.json"},
	"the second of a list":   {"sieve compile --cap CAP_BPF,CAP_SYS_PAC", "CAP_BPF,CAP_SYS_PACCT"},
	"a command of a command": {"sieve marathon che", "sieve marathon check"},
}

// completionFolder has the command and a file, and is where shells are started.
func completionFolder(t *testing.T) string {
	dir := t.TempDir()
	shared.Go(t, "", nil, "build", "-o", dir, ".")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "relaxed-profile.json"), nil, 0o666))
	return dir
}

// shell finds a shell, or skips the test.
func shell(t *testing.T, name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("no %s on this machine", name)
	}
	return path
}

func TestCompletionFish(t *testing.T) {
	fish, dir := shell(t, "fish"), completionFolder(t)
	for name, row := range shellRows {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(fish, "--no-config", "-c", `sieve completion fish | source; complete -C "$argv[1]"`, row.typed)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			words := strings.Fields(row.want)
			require.Contains(t, string(out), words[len(words)-1], "%s", row.typed)
		})
	}
}

func TestCompletionBash(t *testing.T) {
	testTyped(t, "PS1='ready> '; source <(sieve completion bash)", "bash", "--norc", "--noprofile", "-i")
}

func TestCompletionZsh(t *testing.T) {
	testTyped(t, "PS1='ready> '; autoload -Uz compinit; compinit -D -u; source <(sieve completion zsh)", "zsh", "-f", "-i")
}

// testTyped types each row into a shell at a terminal, and a TAB.
func testTyped(t *testing.T, setup, name string, args ...string) {
	path, dir := shell(t, name), completionFolder(t)
	s := startTyping(t, dir, path, args...)
	s.typed(setup + "; printf 'set %s\\n' up\r")
	s.await(t, "set up")
	for name, row := range shellRows {
		t.Run(name, func(t *testing.T) {
			s.seen = ""
			s.typed(row.typed + "\t")
			s.await(t, row.want)
			s.typed("\x15printf 'next %s\\n' line\r") // erases the line first
			s.await(t, "next line")
		})
	}
}

// typing is a program at a terminal.
type typing struct {
	terminal *os.File
	output   chan string
	seen     string
}

func startTyping(t *testing.T, dir, path string, args ...string) *typing {
	terminal, other, err := openTerminal()
	if err != nil {
		t.Skipf("no terminal to be had: %v", err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir, "TERM=dumb", "INPUTRC=/dev/null", "HISTFILE=")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = other, other, other
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, cmd.Start())
	require.NoError(t, other.Close())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		terminal.Close()
	})
	s := &typing{terminal: terminal, output: make(chan string)}
	go func() {
		defer close(s.output)
		for b := make([]byte, 4096); ; {
			n, err := terminal.Read(b)
			if err != nil {
				return
			}
			s.output <- string(b[:n])
		}
	}()
	return s
}

func (s *typing) typed(text string) { fmt.Fprint(s.terminal, text) }

// await reads until the text has appeared.
func (s *typing) await(t *testing.T, text string) {
	t.Helper()
	for !strings.Contains(s.seen, text) {
		select {
		case more, ok := <-s.output:
			require.True(t, ok, "the shell has ended; it wrote %q", s.seen)
			s.seen += more
		case <-time.After(time.Minute):
			t.Fatalf("no %q; the shell wrote %q", text, s.seen)
		}
	}
	s.seen = ""
}

// openTerminal makes a pseudo-terminal (pty(7)).
func openTerminal() (terminal, other *os.File, err error) {
	terminal, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	fd := int(terminal.Fd())
	n, err := unix.IoctlGetUint32(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		other, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		terminal.Close()
		return nil, nil, err
	}
	return terminal, other, nil
}
