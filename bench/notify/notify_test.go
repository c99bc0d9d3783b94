// SPDX-License-Identifier: Apache-2.0

// Package notify compares supervisors: what a call costs that one of them lets
// continue.
package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/gosieve/sieve/seccomp/notify"
)

// calls is how many a target makes in one measurement.
const calls = 5000

// BenchmarkNotify measures a getppid that a supervisor lets continue, by Sieve
// and by the smallest supervisor in C, in turns, with the same target. The
// ratio is the median of the ratios of neighbours. With "sync" the listener has
// SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (Linux 6.6).
func BenchmarkNotify(b *testing.B) {
	peer := build(b)
	for _, sync := range []bool{false, true} {
		b.Run(map[bool]string{false: "plain", true: "sync"}[sync], func(b *testing.B) {
			var c, sieve, ratios []float64
			for b.Loop() {
				x, y := measure(b, peer, sync, inC), measure(b, peer, sync, inGo)
				c, sieve, ratios = append(c, x), append(sieve, y), append(ratios, y/x)
			}
			b.ReportMetric(0, "ns/op") // of no meaning here
			b.ReportMetric(median(c), "ns/c-call")
			b.ReportMetric(median(sieve), "ns/call")
			b.ReportMetric(median(ratios), "ratio")
		})
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

func build(b *testing.B) string {
	peer := filepath.Join(b.TempDir(), "peer")
	if out, err := exec.Command("gcc", "-O2", "-Wall", "-Werror", "-o", peer, "testdata/peer.c").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return peer
}

// measure is the nanoseconds of a call of a target that supervise cares for. It
// gets the other end of the target's socket.
func measure(b *testing.B, peer string, sync bool, supervise func(peer string, socket *os.File) error) float64 {
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		b.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(ends[0]), "supervisor"), os.NewFile(uintptr(ends[1]), "target")
	defer ours.Close()
	target := exec.Command(peer, "target", strconv.Itoa(calls))
	if sync {
		target.Args = append(target.Args, "sync")
	}
	var out bytes.Buffer
	target.Stdout, target.Stderr, target.ExtraFiles = &out, &out, []*os.File{theirs}
	err = target.Start()
	theirs.Close()
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(supervise(peer, ours), target.Wait()); err != nil {
		b.Fatalf("%v\n%s", err, out.String())
	}
	ns, err := strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
	if err != nil {
		b.Fatal(err)
	}
	return ns
}

func inC(peer string, socket *os.File) error {
	c := exec.Command(peer, "supervise")
	c.ExtraFiles = []*os.File{socket}
	c.Stderr = os.Stderr
	return c.Run()
}

func inGo(_ string, socket *os.File) error {
	l, err := listener(socket)
	if err != nil {
		return err
	}
	defer l.Close()
	if _, err := socket.Write([]byte{0}); err != nil {
		return err
	}
	for {
		n, err := l.Receive(context.Background())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := n.Continue(); err != nil && !errors.Is(err, notify.ErrGone) {
			return err
		}
	}
}

// listener is what the target sends.
func listener(socket *os.File) (*notify.Listener, error) {
	conn, err := net.FileConn(socket)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	data, rights := make([]byte, 1), make([]byte, syscall.CmsgSpace(4))
	_, n, _, _, err := conn.(*net.UnixConn).ReadMsgUnix(data, rights)
	if err != nil {
		return nil, err
	}
	messages, err := syscall.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return nil, fmt.Errorf("%d messages, %w", len(messages), err)
	}
	fds, err := syscall.ParseUnixRights(&messages[0])
	if err != nil {
		return nil, err
	}
	return notify.FileListener(os.NewFile(uintptr(fds[0]), "listener"))
}
