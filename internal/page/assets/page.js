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
	e.append(...children.flat(Infinity).filter((c) => c !== undefined && c !== null && c !== false));
	return e;
}

// The kinds of answers, in the order of the legend. The mark says the same as the colour.
const kinds = {
	allow: { mark: "\u2713", text: "allowed" },
	args: { mark: "?", text: "depends on arguments" },
	errno: { mark: "\u00d7", text: "fails with an errno" },
	kill: { mark: "!", text: "killed or trapped" },
	watch: { mark: "\u25cb", text: "notified, traced or logged" },
};
const directions = {
	opened: { mark: "\u25b2", title: "Opened", text: "The answer is less restrictive than before." },
	closed: { mark: "\u25bc", title: "Closed", text: "The answer is more restrictive than before." },
	"changed otherwise": { mark: "\u25c6", title: "Changed otherwise", text: "Another answer of the same rank, such as another errno." },
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

// An ABI's name says which machine's it is where several machines have it, or which thread's.
const nameOf = (m) => m.arch + (m.thread ? " " + m.thread : "");
const foreign = (a) => model.machines[a.machine].thread || a.name !== model.machines[a.machine].arch && model.abis.some((x) => x.name === a.name && x.machine !== a.machine);
const suffix = (a) => model.machines[a.machine].thread || model.machines[a.machine].arch;
const abiID = (a) => foreign(a) ? a.name + "@" + suffix(a) : a.name;
const abiText = (a) => !foreign(a) ? a.name : a.name + (model.machines[a.machine].thread ? ", thread " : " on ") + suffix(a);

let abi = model.abis[0];
let shown = ""; // the one kind that is shown; empty for all
let cells = []; // of the grid, in order
let deltas = new Map(); // how calls of the ABI changed, by name

// place is a link to the line of the document, or the place as text. In the dialog, which done
// closes, there is room for the file's name.
function place(p, done) {
	const parts = [];
	const file = p.file || (done && !p.away ? model.name : "");
	const text = p.line ? (file ? file + ":" : "line ") + p.line + ":" + p.column : p.file || "";
	if (text && !p.file && !p.away && p.line && model.lines && p.line <= model.lines.length) {
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
		const when = s.when ? el("code", null, breaks(s.when))
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
	const chip = (k, sign, n, text) => el("button", { class: "chip", type: "button", "aria-pressed": String(shown === k), "data-kind": k, click: () => show(shown === k ? "" : k) },
		sign, el("span", { class: "n" }, String(n)), text);
	const chips = Object.keys(kinds).filter((k) => numbers[k]).map((k) => chip(k, mark(k), numbers[k], kinds[k].text));
	const n = abi.calls.filter((c) => deltas.has(c.name)).length;
	if (n) chips.push(chip("changed", el("span", { class: "mark", "aria-hidden": "true" }, "\u0394"), n, "changed"));
	byId("legend").replaceChildren(...chips);
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
			const delta = deltas.get(c.name);
			const b = el("button", { class: "cell " + kind, type: "button", tabindex: "-1", "aria-haspopup": "dialog", click: () => open(c) },
				el("span", { class: "mark", "aria-hidden": "true" }, kinds[kind].mark), el("span", null, c.name),
				el("span", { class: "unseen" }, ", " + kinds[kind].text),
				delta && el("span", { class: "delta", "aria-hidden": "true" }, directions[delta].mark), delta && el("span", { class: "unseen" }, ", " + delta));
			const item = el("li", null, b);
			cells.push({ call: c, kind, delta, button: b, item });
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
		const found = (!shown || cell.kind === shown || shown === "changed" && cell.delta) && words.every((w) =>
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
		changesOf(c).map((x) => el("p", null, el("strong", null, directions[x.change.direction].mark + " " + x.change.direction), " since " + model.against.name + ": ", x.sets.map((w) => [el("code", null, breaks(w)), " "]),
			el("br"), badge(model.rules[x.change.before].action), " \u2192 ", badge(model.rules[x.change.after].action))),
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

// changesOf is the changes that a call of the ABI is in.
function changesOf(c) {
	const list = [];
	for (const change of model.against ? model.against.changes : []) {
		if (change.machine !== abi.machine || change.abi !== abi.name) continue;
		for (const one of change.calls || []) if (one.name === c.name) list.push({ change, sets: one.sets });
	}
	return list;
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

// changes is what the comparison found. A change that is the same on several ABIs is one row.
function changes() {
	const against = model.against;
	const rows = new Map();
	for (const c of against.changes) {
		const what = c.all ? ["every call"] : (c.calls || []).flatMap((x) => x.sets).concat(c.numbers || []);
		const key = JSON.stringify([c.direction, what, c.before, c.after]);
		if (!rows.has(key)) rows.set(key, { change: c, what, abis: [] });
		const name = abiText({ name: c.abi, machine: c.machine });
		rows.get(key).abis.push(name);
	}
	const body = section("changes", "Changes", rows.size);
	body.append(el("p", { class: "muted" }, "Compared with ", el("strong", null, against.name), rows.size ? ", which is the older side. Every call was compared, with all arguments." : ": no call gets another answer, whatever its arguments are."));
	for (const [direction, d] of Object.entries(directions)) {
		const list = [...rows.values()].filter((r) => r.change.direction === direction);
		if (list.length === 0) continue;
		body.append(el("h3", { class: "direction" }, el("span", { "aria-hidden": "true" }, d.mark + " "), d.title, " ", el("span", { class: "muted" }, d.text)));
		const rule = (r) => {
			const where = r.other ? ["the default action"] : place(r);
			if (r.note) where.push(where.length ? " " : "", r.note);
			return [badge(r.action), el("div", { class: "place" }, where)];
		};
		body.append(table(d.title + " calls", ["ABI", "Before", "After", "Calls"], list.map((r) => el("tr", null,
			el("td", { class: "abi" }, el("ul", null, r.abis.map((a) => el("li", null, a)))), el("td", null, rule(model.rules[r.change.before])), el("td", null, rule(model.rules[r.change.after])),
			el("td", { class: "sets" }, r.what.map((w) => [el("code", null, breaks(w)), " "]))))));
	}
	if (against.more) body.append(el("p", null, "There are more changes, which are not shown."));
}

// audit is the questions about the machine of the chosen ABI, the open ones first.
const verdicts = {
	reached: { kind: "errno", mark: "!", text: "A call gets through." },
	undecided: { kind: "args", mark: "?", text: "The proof met its limits." },
	supervised: { kind: "watch", mark: "\u25cb", text: "A supervisor or a tracer decides." },
	closed: { kind: "allow", mark: "\u2713", text: "No call gets through, which is proved." },
};

function audit() {
	const list = model.machines[abi.machine].audit;
	const body = byId("audit").querySelector(".body");
	const opened = new Set([...body.querySelectorAll("details[open]")].map((d) => d.dataset.id));
	body.replaceChildren(el("p", { class: "muted" }, "What a program on " + nameOf(model.machines[abi.machine]) + " can do, through any ABI of its kernel. Every answer is proved."),
		...Object.keys(verdicts).flatMap((v) => list.filter((q) => q.verdict === v)).map((q) => {
			const v = verdicts[q.verdict];
			return el("details", { class: "question", open: opened.has(q.id), "data-id": q.id },
				el("summary", null, el("span", { class: "badge " + v.kind }, el("span", { "aria-hidden": "true" }, v.mark), q.verdict), el("span", { class: "what" }, q.title), el("code", { class: "muted" }, q.id)),
				el("div", { class: "inside" }, el("p", null, q.reason[0].toUpperCase() + q.reason.slice(1) + "."),
					q.why ? el("p", null, q.why) : null,
					q.found ? el("ul", { class: "calls" }, q.found.map((f) => {
						const rule = model.rules[f.rule];
						return el("li", null, el("code", null, breaks(f.call)), " on " + f.abi + ": ", badge(rule.action), " ", el("span", { class: "muted" }, rule.other ? ["the default action"] : place(rule)),
							f.like ? el("div", { class: "muted" }, "does the same as ", el("code", null, breaks(f.like)), ", which is denied") : null);
					})) : el("p", { class: "muted" }, v.text),
					q.closing ? el("p", null, "What would close it, as rules of a profile that allows the rest: ", q.closing.map((r) => [el("code", { class: "rule" }, r), " "])) : null,
					el("p", { class: "muted" }, q.references.map((r, i) => [i ? ", " : "See ", el("a", { href: r.url, rel: "noopener noreferrer", target: "_blank" }, r.name)]), ".")));
		}));
}

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
	byId("filter").querySelector(".body").replaceChildren();
	fill(byId("filter").querySelector(".body"), null, [
		el("dl", { class: "tiles" },
			tile(String(length), "instructions" + (m.programs.length > 1 ? " in " + m.programs.length + " programs" : "")),
			tile(String(m.longest), "on the longest path"),
			tile(String(f.mean), "executed by a call of " + abiText(abi) + ", mean of all calls"),
			tile(String(f.usual), "executed by a call of usual programs, mean"),
			tile(percent(Math.round(1000 * f.bitmap / abi.calls.length)), "of the calls (" + f.bitmap + " of " + abi.calls.length + ") the kernel answers from its bitmap, and executes nothing"),
			usual.length ? tile(percent(f.share), "of what usual programs call is among them") : null),
		el("h3", null, "What the filter asks"),
		m.trees.map((t, i) => picture(t, m.trees.length > 1 ? "Program " + (i + 1) + " of " + m.trees.length : "The filter")),
		usual.length ? el("h3", null, "What usual programs call most") : null,
		usual.length ? table("What usual programs call most", ["Call", "Share", "Executed", "Answer"], usual.map((c) => el("tr", null,
			el("th", { scope: "row" }, el("button", { class: "linkish", type: "button", click: () => open(c) }, c.name)),
			el("td", null, percent(c.share)), el("td", null, c.bitmap ? "nothing: bitmap" : count(c.steps, "instruction")),
			el("td", null, mark(model.answers[c.answer].kind), " ", kinds[model.answers[c.answer].kind].text)))) : null]);
}

// ---- the picture of a program

// A program is a graph, which is drawn as a tree from left to right: what several ways lead to is
// drawn once for each of them, when it is unfolded. Boxes are as large as their text.
const font = 12, lineHeight = 17, pad = 9, between = 10, column = 64, widest = 44;
const measure = (() => {
	const context = document.createElement("canvas").getContext("2d");
	return (text, bold) => {
		if (!context) return text.length * 7.4;
		context.font = (bold ? "bold " : "") + font + "px " + getComputedStyle(document.documentElement).getPropertyValue("--mono");
		return context.measureText(text).width;
	};
})();

// wrapped is text in lines of a box.
function wrapped(text, most) {
	const lines = [];
	let line = "";
	for (const word of text.split(/(?<=[ |])/)) {
		if (line && (line + word).trimEnd().length > widest) {
			lines.push(line.trimEnd());
			line = "";
		}
		line += word;
		while (line.length > widest) {
			lines.push(line.slice(0, widest));
			line = line.slice(widest);
		}
	}
	if (line) lines.push(line.trimEnd());
	return lines.length > most ? lines.slice(0, most - 1).concat("\u2026") : lines;
}

// box is a node as it is drawn: where a way to it comes from, and its lines.
function box(tree, index, way, depth) {
	const node = tree.nodes[index];
	const lines = [];
	const add = (text, kind, most) => wrapped(text, most).forEach((t) => lines.push({ text: t, kind }));
	if (way && way.values) add(way.values.join(", "), "way", 5);
	else if (node.calls) node.calls.forEach((c) => add(c, "way", 3));
	add(node.title, "title", 6);
	(node.lines || []).slice(0, 12).forEach((t) => add(t, "code", 2));
	if (node.note) add(node.note, "note", 3);
	if (node.edges) add(count(node.instructions, "instruction"), "note", 1);
	if (way && way.share) add(percent(way.share) + " of usual calls", "hot", 1);
	const b = { tree, index, node, way, depth, lines, kids: null, open: false,
		width: Math.ceil(Math.max(...lines.map((l) => measure(l.text, l.kind === "title")))) + 2 * pad, height: lines.length * lineHeight + 2 * pad - 4 };
	if (node.edges) b.width += 16;
	return b;
}

function unfold(b) {
	if (!b.kids) b.kids = (b.node.edges || []).map((e) => box(b.tree, e.to, e, b.depth + 1));
	b.open = b.kids.length > 0;
}

// arrange gives every box that is seen its place, and returns all of them from top to bottom.
function arrange(root) {
	const widths = [];
	const all = [];
	const walk = (b, parent) => {
		b.parent = parent;
		all.push(b);
		widths[b.depth] = Math.max(widths[b.depth] || 0, b.width);
		if (b.open) b.kids.forEach((k) => walk(k, b));
	};
	walk(root, null);
	const left = [0];
	widths.forEach((w, i) => left.push(left[i] + w + column));
	const stack = (b, y) => {
		b.x = left[b.depth];
		if (!b.open) {
			b.y = y;
			return y + b.height + between;
		}
		let end = y;
		for (const k of b.kids) end = stack(k, end);
		const first = b.kids[0], last = b.kids[b.kids.length - 1];
		b.y = (first.y + first.height / 2 + last.y + last.height / 2 - b.height) / 2;
		if (b.y < y) { // a box that is higher than all behind it
			const down = y - b.y;
			const move = (k) => { k.y += down / 2; if (k.open) k.kids.forEach(move); };
			b.kids.forEach(move);
			b.y = y;
		}
		return Math.max(end, b.y + b.height + between);
	};
	const height = stack(root, 0) - between;
	return { all, width: left[widths.length] - column, height };
}

// picture is the drawing with its controls.
function picture(tree, name) {
	if (tree.omitted) return el("p", { class: "muted" }, name + " is too large to be drawn. \u201csieve compile --format dot\u201d writes it for Graphviz.");
	const root = box(tree, 0, null, 0);
	unfold(root);
	root.kids.filter((k) => k.node.abi === abi.name || root.kids.length === 1 || !k.node.abi).forEach(unfold);
	const drawing = svg("svg", { role: "tree", "aria-label": name + ": its questions and answers" });
	const view = el("div", { class: "view" }, drawing);
	let zoom = 1, size, current = root, groups = new Map();
	const status = el("span", { class: "muted", role: "status" });

	const scale = (to) => {
		zoom = Math.min(2.5, Math.max(0.2, to));
		drawing.setAttribute("width", Math.ceil((size.width + 4) * zoom));
		drawing.setAttribute("height", Math.ceil((size.height + 4) * zoom));
		status.textContent = Math.round(zoom * 100) + " %";
	};
	const draw = (focus) => {
		size = arrange(root);
		if (!size.all.includes(current)) current = root;
		drawing.setAttribute("viewBox", "-2 -2 " + (size.width + 4) + " " + (size.height + 4));
		groups = new Map();
		const lines = svg("g", { class: "ways", role: "presentation" });
		drawing.replaceChildren(lines);
		for (const b of size.all) {
			if (b.parent) {
				const x1 = b.parent.x + b.parent.width, y1 = b.parent.y + b.parent.height / 2, x2 = b.x, y2 = b.y + b.height / 2, mid = x2 - column / 2;
				lines.append(svg("path", { class: b.way.share ? "hot" : "", "stroke-width": 1.2 + (b.way.share || 0) / 220, d: `M${x1} ${y1} C${mid} ${y1} ${mid} ${y2} ${x2} ${y2}` }));
			}
			const g = svg("g", { class: "box " + b.node.kind, role: "treeitem", "aria-level": b.depth + 1, "aria-expanded": b.node.edges ? String(b.open) : undefined,
				tabindex: b === current ? "0" : "-1", transform: `translate(${b.x} ${b.y})`, click: () => toggle(b), focus: () => { current = b; } },
				svg("rect", { width: b.width, height: b.height, rx: 5 }),
				b.lines.map((l, i) => svg("text", { class: l.kind, x: pad, y: pad + 9 + i * lineHeight }, l.text + " ")),
				b.node.edges ? svg("text", { class: "fold", "aria-hidden": "true", x: b.width - 15, y: b.height / 2 + 5 }, b.open ? "\u2212" : "+") : null);
			groups.set(b, g);
			drawing.append(g);
		}
		scale(zoom);
		if (focus) groups.get(current).focus({ preventScroll: true });
	};
	const toggle = (b) => {
		current = b;
		if (b.open) b.open = false;
		else unfold(b);
		draw(true);
	};
	const go = (b) => {
		if (!b) return;
		groups.get(current).setAttribute("tabindex", "-1");
		current = b;
		groups.get(b).setAttribute("tabindex", "0");
		groups.get(b).focus();
	};
	drawing.addEventListener("keydown", (e) => {
		if (e.altKey || e.ctrlKey || e.metaKey) return;
		const at = size.all.indexOf(current);
		const keys = {
			ArrowDown: () => go(size.all[at + 1]), ArrowUp: () => go(size.all[at - 1]), Home: () => go(root), End: () => go(size.all[size.all.length - 1]),
			ArrowRight: () => current.open ? go(current.kids[0]) : current.node.edges && toggle(current),
			ArrowLeft: () => current.open ? toggle(current) : go(current.parent),
			Enter: () => current.node.edges && toggle(current), " ": () => current.node.edges && toggle(current),
			"+": () => scale(zoom * 1.25), "-": () => scale(zoom / 1.25), 0: () => scale(1),
		};
		if (!(e.key in keys)) return;
		e.preventDefault();
		keys[e.key]();
	});
	view.addEventListener("wheel", (e) => {
		if (!e.ctrlKey) return;
		e.preventDefault();
		scale(zoom * (e.deltaY < 0 ? 1.1 : 1 / 1.1));
	}, { passive: false });

	// all unfolds what has not been drawn yet: each node once, wherever ways lead to it again.
	const all = () => {
		const seen = new Set();
		const queue = [root];
		for (let b = queue.shift(); b; b = queue.shift()) {
			if (seen.has(b.index)) continue;
			seen.add(b.index);
			unfold(b);
			queue.push(...b.kids);
		}
		draw();
	};
	const fold = () => {
		root.kids.forEach((k) => { k.open = false; });
		draw();
	};
	const button = (text, label, click) => el("button", { class: "tool", type: "button", "aria-label": label, click }, text);
	draw();
	requestAnimationFrame(() => { view.scrollTop = root.y + root.height + 60 - view.clientHeight; });
	return el("div", { class: "picture" },
		el("div", { class: "controls", role: "toolbar", "aria-label": name + ": view" },
			button("\u2212", "zoom out", () => scale(zoom / 1.25)), button("+", "zoom in", () => scale(zoom * 1.25)),
			button("fit", "fit the width", () => scale((view.clientWidth - 2) / (size.width + 4))), button("100 %", "100 %, the original size", () => scale(1)),
			button("unfold", "unfold all", all), button("fold", "fold all", fold), status,
			el("span", { class: "keys muted" }, "Thick lines are where usual programs go. A box opens by click or arrow keys.")),
		view);
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
		...(m[0].kernel ? [fact("Kernel", m[0].kernel)] : []), fact(m.length > 1 ? "Machines" : "Machine", m.map((x) => nameOf(x)).join(", ")),
		...(["docker", "podman", "mesos"].includes(model.dialect) && m[0].caps ? [fact("Capabilities", m[0].caps.length === 0 ? "none" : m[0].caps.map((c) => c.replace(/^CAP_/, "")).join(", "))] : []));
}

function abis() {
	byId("abis").append(...model.abis.map((a, i) => el("label", null,
		el("input", { type: "radio", name: "abi", value: abiID(a), checked: i === 0, change: () => choose(a) }), el("span", null, abiText(a)))));
}

function choose(a) {
	abi = a;
	for (const input of byId("abis").querySelectorAll("input")) input.checked = input.value === abiID(a);
	deltas = new Map();
	for (const change of model.against ? model.against.changes : []) {
		if (change.machine !== a.machine || change.abi !== a.name) continue;
		for (const c of change.calls || []) deltas.set(c.name, deltas.has(c.name) && deltas.get(c.name) !== change.direction ? "changed otherwise" : change.direction);
	}
	if (shown && !a.calls.some((c) => model.answers[c.answer].kind === shown || shown === "changed" && deltas.has(c.name))) shown = "";
	legend();
	grid();
	filter();
	audit();
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
if (model.against) changes();
section("calls", "Calls");
if (abi) section("audit", "Audit", model.machines[0].audit.filter((q) => q.verdict !== "closed").length);
findings();
section("filter", "Filter");
if (model.lines) source();
if (abi) choose(abi);
follow();
performance.mark("ready");
})();
