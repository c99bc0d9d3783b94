// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// A load makes a program do what it is for, and ends it, in a few seconds. What is
// needed beside the program, a server or a client, is in this process: it is not filtered
// and not seen.

// loopback is an address of this machine in a line of output.
var loopback = regexp.MustCompile(`127\.0\.0\.1:[1-9]\d*`)

func address(line string) string { return loopback.FindString(line) }

// get reads an address as a browser would.
func get(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
}

// browser is a client that keeps its connections, and one that does not.
func browsers() []*http.Client {
	return []*http.Client{
		{Timeout: 20 * time.Second, Transport: &http.Transport{}},
		{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

func getAll(urls ...string) error {
	for _, client := range browsers() {
		for _, url := range urls {
			if err := get(client, url); err != nil {
				return err
			}
		}
		client.CloseIdleConnections()
	}
	return nil
}

// serve starts a program that says the address on which it listens.
func (s *scene) serve() (server *running, host string, err error) {
	if server, err = s.start(); err == nil {
		host, err = server.word(address)
	}
	return server, host, err
}

func serveHTTP(s *scene) error {
	server, host, err := s.serve()
	if err != nil {
		return err
	}
	err = getAll("http://"+host, "http://"+host+"/again", "http://"+host)
	if err == nil {
		err = get(browsers()[1], "http://"+host+"/quit")
	}
	return server.end(err)
}

// end waits for the program's own end, or kills it where the load has failed.
func (r *running) end(err error, by ...syscall.Signal) error {
	if err != nil {
		_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
	}
	return errors.Join(err, r.wait(by...))
}

func getTLS(s *scene) error {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 1<<17))
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	file := filepath.Join(s.dir, "certificate.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, certificate, 0o644); err != nil {
		return err
	}
	return s.run(server.URL, file)
}

// runChildren has the program start itself. The kernel of this machine cannot start it as
// it is emulated: then the children are of this machine's architecture.
func runChildren(s *scene) error {
	if s.native == "" {
		return s.run("parent", s.program)
	}
	return s.run("parent", s.native)
}

func fillDatabase(s *scene) error { return s.run(filepath.Join(s.dir, "words.db")) }

func walk(s *scene) error {
	tree := filepath.Join(s.dir, "tree")
	for i := range 30 {
		dir := filepath.Join(tree, fmt.Sprint(i%3), fmt.Sprint(i))
		if err := errors.Join(
			os.MkdirAll(dir, 0o755),
			os.WriteFile(filepath.Join(dir, "file"), make([]byte, i*1000), 0o644),
			os.Symlink("file", filepath.Join(dir, "link")),
		); err != nil {
			return err
		}
	}
	return s.run(tree)
}

// question is a question for an address.
func question(name string) ([]byte, error) {
	n, err := dnsmessage.NewName(name)
	if err != nil {
		return nil, err
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: 1, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: n, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
	}
	return m.Pack()
}

// ask sends a question and waits for the answer.
func ask(network, host, name string) error {
	packet, err := question(name)
	if err != nil {
		return err
	}
	c, err := net.DialTimeout(network, host, 10*time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if network == "tcp" {
		packet = append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)
	}
	if _, err := c.Write(packet); err != nil {
		return err
	}
	n, err := c.Read(make([]byte, 1000))
	if err == nil && n < len(packet) {
		err = fmt.Errorf("%s: an answer of %d bytes", name, n)
	}
	return err
}

func answerNames(s *scene) error {
	server, host, err := s.serve()
	if err != nil {
		return err
	}
	for _, q := range [][2]string{{"udp", "a.example."}, {"tcp", "b.example."}, {"udp", "c.example."}, {"tcp", "quit."}} {
		if err = ask(q[0], host, q[1]); err != nil {
			break
		}
	}
	return server.end(err)
}

func cloneRepository(s *scene) error { return s.run(s.dir) }

func exportMetrics(s *scene) error {
	exporter, err := s.start("--web.listen-address=127.0.0.1:0", "--collector.textfile.directory="+s.dir)
	if err != nil {
		return err
	}
	host, err := exporter.word(address)
	if err != nil {
		return err
	}
	err = getAll("http://"+host+"/metrics", "http://"+host)
	if err == nil {
		err = exporter.terminate()
	}
	return exporter.end(err, syscall.SIGTERM)
}

// useSieve has each kind of command once: what computes, what asks the kernel, and what
// starts a child.
func useSieve(s *scene) error {
	filter := filepath.Join(s.dir, "docker.bpf")
	for _, args := range [][]string{
		{"compile", "--profile", "docker", "--format", "raw", "-o", filter},
		{"prove", "--profile", "docker", "--filter", filter},
		{"disasm", filter},
		{"features"},
		{"run", "--profile", "docker", "--", "true"},
	} {
		switch {
		case s.native != "" && args[0] == "run": // an emulator has no filters
			continue
		case s.way.read == nil && args[0] == "features": // it makes calls that derive reports as unknown
			continue
		}
		if err := s.run(args...); err != nil {
			return err
		}
	}
	return nil
}

func serveFiles(s *scene) error {
	if err := os.WriteFile(filepath.Join(s.dir, "page.html"), make([]byte, 1<<18), 0o644); err != nil {
		return err
	}
	host, err := freePort()
	if err != nil {
		return err
	}
	server, err := s.start("file-server", "--listen", host, "--root", s.dir, "--access-log")
	if err != nil {
		return err
	}
	if _, err := server.word(address); err != nil {
		return err
	}
	for range 100 {
		if c, err := net.Dial("tcp", host); err == nil {
			_ = c.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	err = getAll("http://"+host+"/page.html", "http://"+host+"/page.html")
	if err == nil {
		err = server.terminate()
	}
	return server.end(err)
}

// freePort is an address that nobody listened at a moment ago.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
