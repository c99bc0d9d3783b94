"use strict";
(() => {
const model = JSON.parse(document.getElementById("model").textContent);
const byId = (id) => document.getElementById(id);

// Elements are made by name, and text is put into them as text. Nothing here parses markup.
const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
const svg = (name, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
function fill(e, attributes, children) {
	for (const [name, value] of Object.entries(attributes || {})) {
		if (typeof value === "function") e.addEventListener(name, value);
		else if (value !== undefined && value !== false) e.setAttribute(name, value === true ? "" : value);
	}
	e.append(...children.flat().filter((c) => c !== undefined && c !== null && c !== false));
	return e;
}

// The kinds of answers, in the order of the legend. The mark says the same as the colour.
const kinds = {
	allow: { mark: "\u2713", text: "allowed" },
	args: { mark: "?", text: "depends on arguments" },
	errno: { mark: "\u00d7", text: "fails with an errno" },
	kill: { mark: "!", text: "killed" },
	watch: { mark: "\u25cb", text: "notified, traced or logged" },
};
const mark = (kind) => el("span", { class: "mark " + kind, "aria-hidden": "true" }, kinds[kind].mark);
const badge = (label) => el("span", { class: "badge " + label.kind }, el("span", { "aria-hidden": "true" }, kinds[label.kind].mark), label.text);
const count = (n, one, many) => n + " " + (n === 1 ? one : many || one + "s");
const percent = (thousandths) => (thousandths / 10).toFixed(1).replace(/\.0$/, "") + " %";
const table = (caption, heads, rows) => el("div", { class: "scroll" }, el("table", { class: "stack" },
	el("caption", { class: "unseen" }, caption),
	el("thead", null, el("tr", null, heads.map((h) => el("th", { scope: "col" }, h)))),
	el("tbody", null, rows)));

// breaks is text that a line may break in after each flag: A|B|C.
const breaks = (text) => text.split(/(?<=\|)/).flatMap((part, i) => i ? [el("wbr"), part] : [part]);

// An ABI's name says which machine's it is where the page has several machines.
const several = model.machines.length > 1;
const foreign = (a) => several && a.name !== model.machines[a.machine].arch;
const abiID = (a) => foreign(a) ? a.name + "@" + model.machines[a.machine].arch : a.name;
const abiText = (a) => foreign(a) ? a.name + " on " + model.machines[a.machine].arch : a.name;

let abi = model.abis[0];
let shown = ""; // the one kind that is shown; empty for all
let cells = []; // of the grid, in order

// place is a link to the line of the document, or the place as text.
function place(p, done) {
	const parts = [];
	const text = (p.file ? p.file + (p.line ? ":" : "") : "") + (p.line ? (p.file ? "" : "line ") + p.line + ":" + p.column : "");
	if (text && !p.file && p.line && model.lines && p.line <= model.lines.length) {
		parts.push(el("a", { href: "#L" + p.line, click: done }, text));
	} else if (text) {
		parts.push(text);
	}
	if (p.path) parts.push(parts.length ? " " : "", el("code", null, p.path));
	return parts;
}

// steps is the rules of an answer, in the order in which they are tried.
function steps(answer, done) {
	const list = el("ol", { class: "steps" });
	for (const s of answer.steps) {
		const rule = model.rules[s.rule];
		const when = s.when ? el("ul", { class: "when" }, s.when.map((w) => el("li", null, breaks(w))))
			: el("span", { class: "muted" }, answer.steps.length > 1 ? "otherwise" : "always");
		const where = rule.other ? ["the default action"] : place(rule, done);
		if (rule.note) where.push(where.length ? ", " : "", rule.note);
		list.append(el("li", null, badge(rule.action), when, where.length ? el("div", { class: "place" }, where) : null));
	}
	if (answer.more) list.append(el("li", null, count(answer.more, "more rule"), ""));
	return list;
}

// ---- the grid

function legend() {
	const numbers = {};
	for (const c of abi.calls) {
		const kind = model.answers[c.answer].kind;
		numbers[kind] = (numbers[kind] || 0) + 1;
	}
	byId("legend").replaceChildren(...Object.keys(kinds).filter((k) => numbers[k]).map((k) =>
		el("button", { class: "chip", type: "button", "aria-pressed": String(shown === k), "data-kind": k, click: () => show(shown === k ? "" : k) },
			mark(k), el("span", { class: "n" }, String(numbers[k])), kinds[k].text)));
}

function show(kind) {
	shown = kind;
	for (const chip of byId("legend").children) chip.setAttribute("aria-pressed", String(chip.dataset.kind === kind));
	search();
}

function grid() {
	const bySet = model.sets.map(() => []);
	for (const c of abi.calls) bySet[c.sets[0]].push(c);
	cells = [];
	byId("grid").replaceChildren(...model.sets.map((name, i) => {
		if (bySet[i].length === 0) return "";
		const id = "set-" + i;
		const list = el("ul", { class: "cells", role: "list" });
		for (const c of bySet[i]) {
			const kind = model.answers[c.answer].kind;
			const b = el("button", { class: "cell " + kind, type: "button", tabindex: "-1", "aria-haspopup": "dialog", click: () => open(c) },
				el("span", { class: "mark", "aria-hidden": "true" }, kinds[kind].mark), el("span", null, c.name),
				el("span", { class: "unseen" }, ", " + kinds[kind].text));
			const item = el("li", null, b);
			cells.push({ call: c, kind, button: b, item });
			list.append(item);
		}
		return el("div", { class: "set", role: "group", "aria-labelledby": id },
			el("h3", { id }, name, " ", el("span", { class: "n" })), list);
	}));
	rest();
	conditions();
	search();
}

// rest is what numbers without a name get, and calls through other ABIs.
function rest() {
	const hex = (n) => n < 1024 ? String(n) : "0x" + n.toString(16);
	const items = (abi.rest || []).map((r) => el("li", null, badge(model.rules[model.answers[r.answer].steps[0].rule].action),
		"numbers without a name, " + (r.from === r.to ? hex(r.from) : hex(r.from) + " to " + hex(r.to))));
	items.push(el("li", null, badge(model.machines[abi.machine].other), "calls through an ABI that is not listed"));
	byId("rest").replaceChildren(el("h3", null, "All other calls"), el("ul", null, items));
}

// conditions lists the calls whose answer depends on their arguments, with their rules.
function conditions() {
	const list = abi.calls.filter((c) => model.answers[c.answer].kind === "args");
	byId("conditions").replaceChildren(list.length === 0 ? el("p", { class: "muted" }, "No call of " + abiText(abi) + " does.")
		: table("Calls whose answer depends on arguments", ["Call", "Rules, the first that matches decides"], list.map((c) =>
			el("tr", null, el("th", { scope: "row" }, el("button", { class: "linkish", type: "button", click: () => open(c) }, c.name)),
				el("td", null, steps(model.answers[c.answer]))))));
}

// search shows the cells that the words and the legend leave. A call is found by a part of its
// name, its number, or a set of systemd's.
function search() {
	const words = byId("query").value.toLowerCase().split(/\s+/).filter(Boolean);
	let n = 0;
	for (const cell of cells) {
		const c = cell.call;
		const found = (!shown || cell.kind === shown) && words.every((w) =>
			w.startsWith("@") ? c.sets.some((s) => model.sets[s].startsWith(w)) : c.name.includes(w) || String(c.nr) === w);
		cell.item.hidden = !found;
		if (found) n++;
	}
	for (const set of byId("grid").children) {
		const seen = set.querySelectorAll("li:not([hidden])").length;
		set.hidden = seen === 0;
		set.querySelector(".n").textContent = String(seen);
	}
	byId("count").textContent = n === cells.length ? count(n, "call") : n + " of " + count(cells.length, "call");
	rove((cells.find((c) => c.button.tabIndex === 0 && !c.item.hidden) || cells.find((c) => !c.item.hidden) || {}).button);
}

// rove makes one cell of the grid the one that the Tab key reaches.
function rove(button) {
	for (const c of cells) c.button.tabIndex = c.button === button ? 0 : -1;
}

byId("grid").addEventListener("focusin", (e) => { if (e.target.matches(".cell")) rove(e.target); });
byId("grid").addEventListener("keydown", (e) => {
	if (!e.target.matches(".cell") || e.altKey || e.ctrlKey || e.metaKey) return;
	const seen = cells.filter((c) => !c.item.hidden).map((c) => c.button);
	const at = seen.indexOf(e.target);
	const to = { ArrowRight: seen[at + 1], ArrowLeft: seen[at - 1], Home: seen[0], End: seen[seen.length - 1],
		ArrowDown: beside(seen, at, 1), ArrowUp: beside(seen, at, -1) }[e.key];
	if (!(e.key in { ArrowRight: 1, ArrowLeft: 1, Home: 1, End: 1, ArrowDown: 1, ArrowUp: 1 })) return;
	e.preventDefault();
	if (to) to.focus();
});

// beside is the cell of the next line that is nearest: lines differ from set to set.
function beside(seen, at, step) {
	const from = seen[at].getBoundingClientRect();
	let line, best;
	for (let i = at + step; i >= 0 && i < seen.length; i += step) {
		const r = seen[i].getBoundingClientRect();
		if (Math.abs(r.top - from.top) < 2) continue;
		if (line !== undefined && Math.abs(r.top - line) >= 2) break;
		line = r.top;
		if (!best || Math.abs(r.left - from.left) < Math.abs(best.getBoundingClientRect().left - from.left)) best = seen[i];
	}
	return best;
}

// ---- one call

const dialog = byId("detail");
let opener;

function open(c) {
	opener = document.activeElement;
	const answer = model.answers[c.answer];
	const close = () => dialog.close();
	const fact = (name, ...value) => el("div", null, el("dt", null, name), el("dd", null, ...value));
	const ways = [];
	if (c.bitmap) ways.push("none: the kernel remembers that the call is allowed (bitmap)");
	else ways.push(count(c.steps, "instruction") + ", arguments all 0");
	dialog.replaceChildren();
	fill(dialog, null, [
		el("div", { class: "head" }, el("h2", { id: "detail-title" }, c.name), el("button", { class: "close", type: "button", click: close }, "Close")),
		el("p", null, el("span", { class: "badge " + answer.kind }, el("span", { "aria-hidden": "true" }, kinds[answer.kind].mark), kinds[answer.kind].text)),
		c.never ? el("p", null, "Linux " + c.never + " and later ask no filter about this call.") : null,
		el("h3", null, answer.steps.length > 1 ? "Rules, the first that matches decides" : "Rule"),
		steps(answer, close),
		el("dl", { class: "facts" },
			fact("ABI", abiText(abi)), fact("Number", String(c.nr), c.nr >= 1024 ? " (0x" + c.nr.toString(16) + ")" : ""),
			c.since ? fact("Since", "Linux " + c.since) : null,
			fact("Sets", c.sets.map((s) => model.sets[s]).join(", ")), fact("Executed", ways),
			c.share ? fact("Share", percent(c.share) + " of the calls of usual programs") : null)]);
	dialog.showModal();
	dialog.scrollTop = 0;
	history.replaceState(null, "", "#" + abiID(abi) + "/" + c.name);
}

dialog.addEventListener("close", () => {
	if (location.hash.includes("/")) history.replaceState(null, "", "#calls");
	if (opener && opener.isConnected) opener.focus({ preventScroll: true });
});
dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });

// ---- the other sections

const section = (id, title, n) => {
	byId(id).hidden = false;
	byId("sections").append(el("li", null, el("a", { href: "#" + id }, title, n === undefined ? null : el("span", { class: "n" }, String(n)))));
	return byId(id).querySelector(".body");
};

function findings() {
	const body = section("findings", "Findings", model.findings.length);
	if (model.findings.length === 0) {
		body.append(el("p", { class: "muted" }, model.dialect ? "Nothing was found." : "A filter has no document to look at."));
		return;
	}
	body.append(table("Findings", ["Severity", "Place", "What"], model.findings.map((f) => el("tr", null,
		el("td", null, el("span", { class: "severity " + f.severity }, f.severity)), el("td", null, place(f)),
		el("td", null, el("div", null, f.message, " ", el("code", { class: "muted" }, f.code)), f.fix ? el("div", { class: "fix" }, f.fix) : null)))));
}

function filter() {
	const m = model.machines[abi.machine];
	const f = abi.figures;
	const length = m.programs.reduce((a, b) => a + b, 0);
	const tile = (value, text) => el("div", { class: "tile" }, el("dt", null, text), el("dd", null, value));
	const usual = abi.calls.filter((c) => c.share).sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
	byId("filter").querySelector(".body").replaceChildren(
		el("dl", { class: "tiles" },
			tile(String(length), "instructions" + (m.programs.length > 1 ? " in " + m.programs.length + " programs" : "")),
			tile(String(m.longest), "on the longest path"),
			tile(String(f.mean), "executed by a call of " + abiText(abi) + ", mean of all calls"),
			tile(String(f.usual), "executed by a call of usual programs, mean"),
			tile(percent(Math.round(1000 * f.bitmap / abi.calls.length)), "of the calls (" + f.bitmap + " of " + abi.calls.length + ") the kernel answers from its bitmap, and executes nothing"),
			usual.length ? tile(percent(f.share), "of what usual programs call is among them") : null),
		usual.length ? el("h3", null, "What usual programs call most") : "",
		usual.length ? table("What usual programs call most", ["Call", "Share", "Executed", "Answer"], usual.map((c) => el("tr", null,
			el("th", { scope: "row" }, el("button", { class: "linkish", type: "button", click: () => open(c) }, c.name)),
			el("td", null, percent(c.share)), el("td", null, c.bitmap ? "nothing: bitmap" : count(c.steps, "instruction")),
			el("td", null, mark(model.answers[c.answer].kind), " ", kinds[model.answers[c.answer].kind].text)))) : "");
}

function source() {
	const body = section("source", "Document");
	const noted = new Map();
	for (const f of model.findings) if (!f.file && f.line) noted.set(f.line, (noted.get(f.line) || []).concat(f));
	const lines = model.lines.map((text, i) => {
		const n = i + 1;
		const at = noted.get(n);
		return el("div", { class: at && at.some((f) => f.severity !== "info") ? "line noted" : "line", id: "L" + n, title: at && at.map((f) => f.message).join("\n") },
			el("a", { href: "#L" + n, "aria-label": "line " + n, tabindex: "-1" }, String(n)), el("code", null, text));
	});
	body.append(el("div", { class: "lines", role: "region", "aria-label": model.name, tabindex: "0" }, lines));
	if (model.omitted) body.append(el("p", { class: "muted" }, count(model.omitted, "more line") + " not shown: the document is long."));
}

// ---- what is above

function facts() {
	const m = model.machines;
	const fact = (name, value) => el("div", null, el("dt", null, name), el("dd", null, value));
	byId("facts").append(fact(model.dialect ? "Dialect" : "Kind", model.dialect || "raw filter"),
		...(m[0].kernel ? [fact("Kernel", m[0].kernel)] : []), fact(several ? "Machines" : "Machine", m.map((x) => x.arch).join(", ")),
		...(model.dialect && m[0].caps ? [fact("Capabilities", m[0].caps.length === 0 ? "none" : m[0].caps.map((c) => c.replace(/^CAP_/, "")).join(", "))] : []));
}

function abis() {
	byId("abis").append(...model.abis.map((a, i) => el("label", null,
		el("input", { type: "radio", name: "abi", value: abiID(a), checked: i === 0, change: () => choose(a) }), el("span", null, abiText(a)))));
}

function choose(a) {
	abi = a;
	for (const input of byId("abis").querySelectorAll("input")) input.checked = input.value === abiID(a);
	if (shown && !a.calls.some((c) => model.answers[c.answer].kind === shown)) shown = "";
	legend();
	grid();
	filter();
}

// themes: the system's colours, or one of the two.
function themes() {
	const root = document.documentElement;
	const buttons = ["auto", "light", "dark"].map((theme) => el("button", { type: "button", "aria-pressed": String(theme === "auto"), click: () => {
		if (theme === "auto") delete root.dataset.theme;
		else root.dataset.theme = theme;
		for (const b of buttons) b.setAttribute("aria-pressed", String(b.textContent === theme));
	} }, theme));
	byId("themes").append(...buttons);
}

// follow opens the call that the address names: #x86_64/socket.
function follow() {
	let hash = location.hash.slice(1);
	try { hash = decodeURIComponent(hash); } catch { return; }
	const [id, name] = hash.split("/");
	const a = name && model.abis.find((x) => abiID(x) === id);
	const c = a && a.calls.find((x) => x.name === name);
	if (!c) return;
	if (a !== abi) choose(a);
	open(c);
}

document.addEventListener("keydown", (e) => {
	const typing = e.target.matches("input, select, textarea");
	if (e.key === "/" && !typing && !dialog.open && !e.ctrlKey && !e.metaKey && !e.altKey) {
		e.preventDefault();
		byId("query").focus();
		byId("query").select();
	}
	if (e.key === "Escape" && e.target.id === "query") {
		byId("query").value = "";
		search();
	}
	if (e.key === "ArrowDown" && e.target.id === "query") {
		const first = cells.find((c) => !c.item.hidden);
		if (first) {
			e.preventDefault();
			first.button.focus();
		}
	}
});
byId("query").addEventListener("input", search);
window.addEventListener("hashchange", follow);

themes();
facts();
abis();
section("calls", "Calls");
section("filter", "Filter");
findings();
if (model.lines) source();
if (abi) choose(abi);
follow();
performance.mark("ready");
})();
