// SPDX-License-Identifier: Apache-2.0

// Executor runs itself as a child in the ways that os/exec has: executor parent FILE.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

func main() {
	if os.Args[1] != "parent" {
		child(os.Args[1])
		return
	}
	for _, run := range []func(string) error{output, input, killed, grouped} {
		if err := run(os.Args[2]); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("four children")
}

func child(what string) {
	switch what {
	case "sleep":
		time.Sleep(time.Minute)
	case "copy":
		_, _ = io.Copy(os.Stdout, os.Stdin)
	default:
		fmt.Println(what)
	}
}

func output(self string) error {
	out, err := exec.Command(self, "word").Output()
	if err == nil && string(out) != "word\n" {
		err = fmt.Errorf("a child said %q", out)
	}
	return err
}

func input(self string) error {
	var out bytes.Buffer
	cmd := exec.Command(self, "copy")
	cmd.Stdin, cmd.Stdout, cmd.Dir = strings.NewReader(strings.Repeat("x", 1<<17)), &out, os.TempDir()
	err := cmd.Run()
	if err == nil && out.Len() != 1<<17 {
		err = fmt.Errorf("a child copied %d bytes", out.Len())
	}
	return err
}

func killed(self string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := exec.CommandContext(ctx, self, "sleep").Run(); err == nil {
		return fmt.Errorf("a child outlived its time")
	}
	return nil
}

func grouped(self string) error {
	cmd := exec.Command(self, "sleep")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM); err != nil {
		return err
	}
	_, err := cmd.Process.Wait()
	return err
}
