// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var screenshots = flag.Bool("screenshots", false, "write the screenshots of docs/report.md")

// pageFile writes the page for a profile to a new folder.
func pageFile(t *testing.T, args ...string) string {
	name := filepath.Join(t.TempDir(), "report.html")
	got := call(t, "", append([]string{"report", "-o", name}, args...)...)
	require.Zero(t, got.status, got.stderr)
	return name
}

// TestPage uses a page as a reader does, in a Chromium: with the keyboard, in a narrow window, in
// both colours. It asks nothing of the network, and nothing is wrong with it for axe-core.
func TestPage(t *testing.T) {
	b := startBrowser(t)
	file := pageFile(t, "docker", "--arch", "amd64,arm64,s390x")
	b.look(1280, 900, "light")
	b.open(file)
	t.Run("interactive", func(t *testing.T) {
		ready := b.eval(`performance.getEntriesByName("ready")[0].startTime`).(float64)
		info, err := os.Stat(file)
		require.NoError(t, err)
		t.Logf("Docker's default on three machines: %d bytes, interactive after %.0f ms", info.Size(), ready)
		assert.Less(t, info.Size(), int64(1_000_000))
	})
	t.Run("keyboard", func(t *testing.T) { b.keyboard(t) })
	t.Run("search", func(t *testing.T) { b.search(t) })
	t.Run("legend", func(t *testing.T) { b.legend(t) })
	t.Run("address", func(t *testing.T) { b.address(t, file) })
	t.Run("tree", func(t *testing.T) { b.tree(t, file) })
	changed := pageFile(t, "docker", "--arch", "amd64", "--against", older(t))
	t.Run("changes", func(t *testing.T) { b.changes(t, changed) })
	t.Run("narrow", func(t *testing.T) {
		b.narrow(t, file)
		b.narrow(t, changed)
	})
	t.Run("print", func(t *testing.T) { b.print(t, file) })
	t.Run("accessible", func(t *testing.T) { b.accessible(t, file, changed) })
	assert.Empty(t, b.log, "what the page complains about")
}

// focus is the text of what has the focus.
func (b *browser) focus() any { return b.eval(`document.activeElement.innerText.trim()`) }

func (b *browser) keyboard(t *testing.T) {
	b.keys("/")
	assert.Equal(t, "query", b.eval(`document.activeElement.id`))
	b.keys("s", "o", "c", "k", "e", "t", "ArrowDown")
	first := b.eval(`document.activeElement.querySelector("span:nth-child(2)").textContent`)
	assert.Equal(t, "socket", first)
	b.keys("ArrowRight")
	assert.Equal(t, "socketpair", b.eval(`document.activeElement.querySelector("span:nth-child(2)").textContent`))
	b.keys("Home", "Enter")
	assert.Equal(t, true, b.eval(`document.getElementById("detail").open`))
	assert.Contains(t, b.eval(`document.getElementById("detail").innerText`), "AF_")
	b.keys("Escape")
	assert.Equal(t, false, b.eval(`document.getElementById("detail").open`))
	assert.Equal(t, "socket", b.eval(`document.activeElement.querySelector("span:nth-child(2)").textContent`), "the focus goes back")
	b.keys("/", "Escape")
	assert.Equal(t, "", b.eval(`document.getElementById("query").value`))
	// Every control can be reached, and is seen when it is.
	reached := map[any]bool{}
	b.eval(`document.querySelector(".skip").focus()`)
	for range 60 {
		reached[b.eval(`document.activeElement.tagName + " " + (document.activeElement.className || document.activeElement.type || "")`)] = true
		require.Equal(t, true, b.eval(`document.activeElement === document.body || document.activeElement.matches(".segments input") || getComputedStyle(document.activeElement).outlineStyle !== "none"`), "%v", b.focus())
		b.keys("Tab")
	}
	for _, control := range []string{"A skip", "BUTTON button", "INPUT radio", "INPUT search", "BUTTON chip", "BUTTON linkish"} {
		assert.True(t, reached[control], "%s in %v", control, reached)
	}
	assert.Equal(t, float64(1), b.eval(`document.querySelectorAll(".cell[tabindex='0']").length`), "the grid is one stop")
	// Up and down keep the column.
	b.eval(`document.querySelector(".cell").focus()`)
	b.keys("ArrowDown", "ArrowUp")
	assert.Equal(t, true, b.eval(`document.activeElement === document.querySelector(".cell")`))
	b.keys("End")
	assert.Equal(t, true, b.eval(`document.activeElement === [...document.querySelectorAll(".cell")].pop()`))
}

func (b *browser) search(t *testing.T) {
	found := func(query string) any {
		b.eval(fmt.Sprintf(`(() => { const q = document.getElementById("query"); q.value = %q; q.dispatchEvent(new Event("input")); })()`, query))
		return b.eval(`[...document.querySelectorAll(".cells li:not([hidden]) span:nth-child(2)")].map((e) => e.textContent).join(" ")`)
	}
	assert.Equal(t, "clone clone3", found("clone"))
	assert.Equal(t, "socket", found("41"))
	assert.Equal(t, "pivot_root", found("@mount pivot"))
	assert.Equal(t, "", found("<img src=x>"))
	assert.Contains(t, b.eval(`document.getElementById("count").textContent`), "0 of ")
	assert.Contains(t, found(""), "read")
	assert.Equal(t, "polite", b.eval(`document.getElementById("count").getAttribute("aria-live")`))
}

func (b *browser) legend(t *testing.T) {
	shown := `[...document.querySelectorAll(".cells li:not([hidden]) .cell")].every((e) => e.classList.contains("args"))`
	b.eval(`document.querySelector(".chip[data-kind=args]").click()`)
	assert.Equal(t, true, b.eval(shown))
	assert.Equal(t, "true", b.eval(`document.querySelector(".chip[data-kind=args]").getAttribute("aria-pressed")`))
	b.eval(`document.querySelector(".chip[data-kind=args]").click()`)
	assert.Equal(t, false, b.eval(shown))
}

// address: a link to a call opens it, and a place in the call's rules leads to the line.
func (b *browser) address(t *testing.T, file string) {
	b.open(file + "#aarch64/clone")
	assert.Equal(t, "aarch64", b.eval(`document.querySelector("#abis input:checked").value`))
	assert.Equal(t, "clone", b.eval(`document.getElementById("detail-title").textContent`))
	assert.Regexp(t, `docker-default\.json:\d+:\d+ syscalls\[\d+\]`, b.eval(`document.getElementById("detail").innerText`))
	b.eval(`document.querySelector("#detail a[href^='#L']").click()`)
	b.wait(`!document.getElementById("detail").open && document.querySelector(":target") !== null`)
	line := b.eval(`document.querySelector(":target").innerText`).(string)
	assert.Contains(t, line, "{", "the rule begins there")
}

// older is Docker's default as somebody might have had it: with io_uring and AF_VSOCK, without mseal.
func older(t *testing.T) string {
	got := call(t, "", "convert", "--to", "docker", "docker")
	require.Zero(t, got.status, got.stderr)
	text := strings.Replace(got.stdout, `"accept4",`, `"accept4", "io_uring_setup", "io_uring_enter",`, 1)
	text = strings.Replace(text, `"mseal",`, "", 1)
	text = strings.Replace(text, `"syscalls": [`, `"syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_EQ"}]},`, 1)
	require.Contains(t, text, `"value": 40,`)
	require.NotEqual(t, got.stdout, text)
	return write(t, "older.json", text)
}

// tree: the picture of the filter is folded and read by keyboard, and zoomed.
func (b *browser) tree(t *testing.T, file string) {
	b.open(file)
	boxes := func() any { return b.eval(`document.querySelectorAll(".box").length`) }
	at := func() any {
		return b.eval(`document.activeElement.getAttribute("role") + " " + document.activeElement.querySelector(".title").textContent.trim()`)
	}
	before := boxes().(float64)
	b.eval(`document.querySelector(".box[tabindex='0']").focus()`)
	assert.Equal(t, "treeitem architecture", at())
	b.keys("ArrowRight")
	assert.Equal(t, "treeitem call number", at())
	b.keys("ArrowRight")
	assert.Greater(t, boxes(), before, "a folded box unfolds")
	assert.Equal(t, "true", b.eval(`document.activeElement.getAttribute("aria-expanded")`))
	b.keys("ArrowLeft")
	assert.Equal(t, before, boxes(), "and folds")
	b.keys("ArrowLeft")
	assert.Equal(t, "treeitem architecture", at())
	for _, name := range b.names("treeitem") {
		assert.Regexp(t, `\w`, name, "what a screen reader says of a box")
	}
	width := func() float64 {
		return b.eval(`document.querySelector(".view svg").getBoundingClientRect().width`).(float64)
	}
	was := width()
	b.keys("+")
	assert.InDelta(t, 1.25*was, width(), 2)
	b.keys("0")
	assert.InDelta(t, was, width(), 1)
	b.eval(`document.querySelector(".tool[aria-label='fit the width']").click()`)
	assert.LessOrEqual(t, width(), b.eval(`document.querySelector(".view").clientWidth`))
	b.eval(`document.querySelector(".tool[aria-label='unfold all']").click()`)
	assert.Greater(t, boxes(), before)
	assert.Equal(t, true, b.eval(`[...document.querySelectorAll(".box")].every((g) => [...g.querySelectorAll("text")].every((x) => x.getBBox().x + x.getBBox().width <= g.querySelector("rect").getBBox().width))`), "texts stay in their boxes")
}

// changes: what a comparison found is shown first, and marked in the grid.
func (b *browser) changes(t *testing.T, file string) {
	b.open(file)
	text := b.eval(`document.getElementById("changes").innerText`)
	assert.Contains(t, text, "older.json")
	assert.Contains(t, text, "io_uring_enter")
	assert.Contains(t, text, "mseal")
	assert.Contains(t, text, "socket(AF_VSOCK, *)")
	b.eval(`document.querySelector(".chip[data-kind=changed]").click()`)
	assert.Equal(t, "io_uring_enter, fails with an errno, closed|io_uring_setup, fails with an errno, closed|mseal, allowed, opened|socket, depends on arguments, closed",
		b.eval(`[...document.querySelectorAll(".cells li:not([hidden]) .cell")].map((e) => [...e.querySelectorAll("span:not([aria-hidden])")].map((s) => s.textContent).join("")).sort().join("|")`))
	b.eval(`document.querySelector(".cells li:not([hidden]) .cell").click()`)
	assert.Regexp(t, `closed since \S*older\.json`, b.eval(`document.getElementById("detail").innerText`))
	b.keys("Escape")
}

// narrow: nothing is wider than a small phone.
func (b *browser) narrow(t *testing.T, file string) {
	b.look(360, 740, "light")
	b.open(file)
	b.eval(`for (const d of document.querySelectorAll("details")) d.open = true`)
	assert.Equal(t, float64(360), b.eval(`document.documentElement.scrollWidth`))
	b.eval(`location.hash = "#x86_64/clone"`)
	b.wait(`document.getElementById("detail").open`)
	assert.Equal(t, true, b.eval(`document.getElementById("detail").scrollWidth <= 360`))
}

// print: on paper there are the calls and their rules, and nothing to press.
func (b *browser) print(t *testing.T, file string) {
	b.look(1280, 900, "dark")
	b.open(file)
	b.eval(`[...document.querySelectorAll("#themes button")].find((e) => e.textContent === "dark").click()`)
	assert.NotEqual(t, "rgb(255, 255, 255)", b.eval(`getComputedStyle(document.body).backgroundColor`))
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
	seen := func(selector string) any {
		return b.eval(fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).display !== "none"`, selector))
	}
	for _, selector := range []string{".cell", "#conditions", "#filter svg", ".line", "#title"} {
		assert.Equal(t, true, seen(selector), selector)
	}
	for _, selector := range []string{".top", ".find", ".controls", ".skip"} {
		assert.Equal(t, false, seen(selector), selector)
	}
	assert.Equal(t, "rgb(255, 255, 255)", b.eval(`getComputedStyle(document.body).backgroundColor`), "whatever the reader's colours are")
	assert.Equal(t, "rgb(227, 243, 232)", b.eval(`getComputedStyle(document.querySelector(".cell.allow")).backgroundColor`))
	var pdf struct{ Data string }
	b.call("Page.printToPDF", map[string]any{"printBackground": true}, &pdf)
	assert.NotEmpty(t, pdf.Data)
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": ""}, nil)
}

// fewCells leaves those that depend on arguments in the grid.
const fewCells = `document.querySelector(".chip[data-kind=args]").click();`

// accessible asks axe-core about each state that a page has.
func (b *browser) accessible(t *testing.T, file, changed string) {
	for _, state := range []struct {
		name, scheme, file, do string
		width                  int
	}{
		{"light", "light", file, `document.querySelector(".tool[aria-label='unfold all']").click()`, 1280},
		{"dark", "dark", changed, ``, 1280},
		// Cells that are seen cost axe-core a second for each fifty.
		{"narrow", "light", changed, fewCells + `for (const d of document.querySelectorAll("details")) d.open = true`, 360},
		{"a call", "dark", file, fewCells + `location.hash = "#x86_64/socket"`, 1280},
	} {
		b.look(state.width, 900, state.scheme)
		b.open(state.file)
		b.eval(state.do)
		if strings.Contains(state.do, "location") {
			b.wait(`document.getElementById("detail").open`)
		}
		assert.Empty(t, b.violations(), state.name)
	}
}

// TestPageHostile: a document may be written by anyone. In a browser its text stays text: no
// element comes of it and no script runs.
func TestPageHostile(t *testing.T) {
	b := startBrowser(t)
	texts := []string{`</script><script>window.harmed = 1</script>`, `<img src=x onerror="window.harmed = 1">`, `"><svg onload=window.harmed=1>`, "a\u2028b\u202ec\u2066", "{{script}}", "<!--<script>"}
	for i, text := range texts {
		quoted := fmt.Sprintf("%q", strings.ReplaceAll(text, "/", "\x01"))
		quoted = strings.ReplaceAll(quoted, `\x01`, `/`)
		dir := t.TempDir()
		name := filepath.Join(dir, strings.ReplaceAll(text, "/", "_")+".json")
		doc := fmt.Sprintf(`{"defaultAction": "SCMP_ACT_ERRNO", "comment": %s, %s: 1, "syscalls": [{"names": ["read", %s], "action": "SCMP_ACT_ALLOW", "comment": %s}]}`, quoted, quoted, quoted, quoted)
		require.NoError(t, os.WriteFile(name, []byte(doc), 0o666))
		file := pageFile(t, "--arch", "amd64", name)
		b.open(file)
		for _, call := range []string{"", "#x86_64/read"} {
			b.eval(fmt.Sprintf("location.hash = %q", call))
			assert.Nil(t, b.eval(`window.harmed`), "%d", i)
			assert.Equal(t, float64(2), b.eval(`document.scripts.length`))
			assert.Equal(t, float64(0), b.eval(`document.querySelectorAll("img, iframe, object, embed, link, base, form, [onload], [onerror], [src]").length`))
			assert.Equal(t, true, b.eval(`[...document.querySelectorAll("[href]")].every((e) => e.getAttribute("href").startsWith("#") || e.closest("#audit"))`), "the audit's table has links of its own")
		}
		title := b.eval(`document.getElementById("title").textContent`).(string)
		assert.Contains(t, title, ".json")
		assert.NotContains(t, title, "\u202e")
	}
	assert.Empty(t, b.log)
}

// TestScreenshots takes those of docs/report.md. Their bytes depend on the Chromium, so they are
// compared with nothing; each must show something.
func TestScreenshots(t *testing.T) {
	b := startBrowser(t)
	folder := t.TempDir()
	if *screenshots {
		var err error
		folder, err = filepath.Abs(filepath.Join("..", "..", "docs"))
		require.NoError(t, err)
	}
	file := pageFile(t, "docker", "--arch", "amd64,arm64,s390x")
	before := older(t)
	t.Chdir(filepath.Dir(before)) // the page has the name as it is given
	changed := pageFile(t, "docker", "--arch", "amd64", "--against", filepath.Base(before))
	for _, shot := range []struct {
		name, scheme, file, do string
		width, height          int
	}{
		{"light", "light", file, "", 1280, 800},
		{"dark", "dark", file, `location.hash = "#x86_64/clone"`, 1280, 800},
		{"narrow", "light", file, "", 360, 740},
		{"diff", "light", changed, "", 1280, 800},
		{"tree", "light", file, `document.querySelector(".picture").scrollIntoView()`, 1280, 800},
	} {
		b.look(shot.width, shot.height, shot.scheme)
		b.open(shot.file)
		b.eval(shot.do)
		b.eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`)
		image := b.screenshot()
		shows(t, image, shot.width, shot.height)
		require.NoError(t, os.WriteFile(filepath.Join(folder, "report-"+shot.name+".png"), image, 0o666))
	}
}

// shows fails if a picture has another size, or few colours as an empty page has.
func shows(t *testing.T, picture []byte, width, height int) {
	img, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	require.Equal(t, [2]int{width, height}, [2]int{img.Bounds().Dx(), img.Bounds().Dy()})
	colours := map[[3]uint32]bool{}
	for y := 0; y < height; y += 3 {
		for x := 0; x < width; x += 3 {
			r, g, b, _ := img.At(x, y).RGBA()
			colours[[3]uint32{r, g, b}] = true
		}
	}
	assert.Greater(t, len(colours), 40)
}
