// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser is a Chromium without a window, driven through its DevTools protocol over two pipes
// (--remote-debugging-pipe): messages are JSON, each with a NUL behind it. Nothing listens
// on a port.
type browser struct {
	t       *testing.T
	to      io.Writer
	from    *bufio.Reader
	session string
	id      int
	log     []string // what the page's console and its policy have complained about
}

// startBrowser starts the Chromium that SIEVE_CHROMIUM names with an empty page of its own.
func startBrowser(t *testing.T) *browser {
	program := os.Getenv("SIEVE_CHROMIUM")
	if program == "" {
		t.Skip("SIEVE_CHROMIUM names no Chromium: .ci/page installs one and runs this test")
	}
	theirs, to, err := os.Pipe()
	require.NoError(t, err)
	from, answers, err := os.Pipe()
	require.NoError(t, err)
	cmd := exec.Command(program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--hide-scrollbars", "--force-color-profile=srgb", "--no-first-run", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirs, answers} // 3 and 4, as the protocol has them
	require.NoError(t, cmd.Start())
	theirs.Close()
	answers.Close()
	b := &browser{t: t, to: to, from: bufio.NewReaderSize(from, 1<<20)}
	t.Cleanup(func() {
		b.call("Browser.close", nil, nil)
		to.Close()
		timer := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		timer.Stop()
		from.Close()
	})
	timer := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() }) // reads end with an error
	t.Cleanup(func() { timer.Stop() })
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// message is what comes from the browser: an answer, which has the id of its question, or an
// event.
type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

// call asks the browser and reads up to the answer. Events on the way are noted.
func (b *browser) call(method string, params any, result any) {
	b.t.Helper()
	b.id++
	question := map[string]any{"id": b.id, "method": method}
	if params != nil {
		question["params"] = params
	}
	if b.session != "" && method != "Browser.close" {
		question["sessionId"] = b.session
	}
	text, err := json.Marshal(question)
	require.NoError(b.t, err)
	_, err = b.to.Write(append(text, 0))
	require.NoError(b.t, err)
	for {
		m := b.read()
		if m.ID != b.id {
			continue
		}
		require.Nil(b.t, m.Error, "%s: %+v", method, m.Error)
		if result != nil {
			require.NoError(b.t, json.Unmarshal(m.Result, result))
		}
		return
	}
}

// read is the next message. Complaints are kept, and so are requests, of which a page may make
// none but for itself.
func (b *browser) read() message {
	text, err := b.from.ReadBytes(0)
	require.NoError(b.t, err, "the browser has ended or hangs")
	var m message
	require.NoError(b.t, json.Unmarshal(text[:len(text)-1], &m))
	switch m.Method {
	case "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled":
		b.log = append(b.log, string(m.Params))
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		require.NoError(b.t, json.Unmarshal(m.Params, &p))
		if len(p.Request.URL) < 5 || p.Request.URL[:5] != "file:" {
			b.log = append(b.log, "request: "+p.Request.URL)
		}
	}
	return m
}

// open loads a page from a file and waits until it can be used.
func (b *browser) open(file string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	b.call("Page.navigate", map[string]any{"url": "file://" + file}, nil)
	b.wait(`location.protocol === "file:" && performance.getEntriesByName("ready").length > 0`)
}

// wait waits until an expression is true.
func (b *browser) wait(expression string) {
	b.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if b.eval(expression) == true {
			return
		}
	}
	b.t.Fatalf("never true: %s\n%v", expression, b.log)
}

// eval is the value of an expression in the page.
func (b *browser) eval(expression string) any {
	b.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	require.Empty(b.t, string(out.ExceptionDetails), expression)
	return out.Result.Value
}

// names are the names that a screen reader gets for all elements of a role.
func (b *browser) names(role string) []string {
	b.t.Helper()
	type value struct{ Value any }
	var tree struct {
		Nodes []struct{ Role, Name value }
	}
	b.call("Accessibility.getFullAXTree", map[string]any{}, &tree)
	var list []string
	for _, n := range tree.Nodes {
		if n.Role.Value == role {
			list = append(list, fmt.Sprint(n.Name.Value))
		}
	}
	require.NotEmpty(b.t, list, role)
	return list
}

// keys presses keys, one after the other. A key of one character is typed.
func (b *browser) keys(keys ...string) {
	b.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
	for _, key := range keys {
		down := map[string]any{"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": codes[key], "code": key}
		if len(key) == 1 || key == "Enter" {
			down["type"], down["text"] = "keyDown", map[bool]string{true: "\r", false: key}[key == "Enter"]
		}
		b.call("Input.dispatchKeyEvent", down, nil)
		b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": codes[key], "code": key}, nil)
	}
}

// look sets the width and height of the window, and the colours that the reader's system asks for.
func (b *browser) look(width, height int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{
		{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}}}, nil)
}

// screenshot is what the window shows, as a PNG.
func (b *browser) screenshot() []byte {
	b.t.Helper()
	var out struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png", "optimizeForSpeed": false}, &out)
	image, err := base64.StdEncoding.DecodeString(out.Data)
	require.NoError(b.t, err)
	return image
}

// violations are what axe-core, whose script SIEVE_AXE names, finds wrong with the page as it
// is now.
func (b *browser) violations() []string {
	b.t.Helper()
	name := os.Getenv("SIEVE_AXE")
	if name == "" {
		b.t.Skip("SIEVE_AXE names no axe.min.js of axe-core: .ci/page fetches it")
	}
	if b.eval(`typeof axe`) != "object" {
		text, err := os.ReadFile(name)
		require.NoError(b.t, err)
		b.call("Runtime.evaluate", map[string]any{"expression": string(text)}, nil)
	}
	var list []string
	found, ok := b.eval(`axe.run({resultTypes: ["violations"]}).then((r) => r.violations.map((v) =>
		v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary).join(" | ")))`).([]any)
	require.True(b.t, ok)
	for _, v := range found {
		list = append(list, fmt.Sprint(v))
	}
	return list
}
