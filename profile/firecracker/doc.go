// SPDX-License-Identifier: Apache-2.0

// Package firecracker reads and writes the JSON filters of Firecracker and of the Rust library
// seccompiler: an object with a filter for each kind of thread.
//
//	{"vmm": {
//	    "default_action": "trap", "filter_action": "allow",
//	    "filter": [
//	        {"syscall": "read"},
//	        {"syscall": "ioctl", "args": [
//	            {"index": 1, "type": "dword", "op": "eq", "val": 21505}]}]}}
//
// A document means what seccompiler makes of it. Rules of one call are alternatives, and
// conditions of one rule must all hold. A condition of type dword compares the low 32 bits of
// its argument, whatever the operator. A filter is for one ABI: calls through any other kill
// the process. Firecracker's own compiler, which now uses libseccomp, decides otherwise in
// places; each of these is a diagnostic (Codes).
//
//	p, err := firecracker.Parse(text)
//	p.Thread = "vmm"
//	policy, diagnostics, err := p.Resolve(target)
//
// The facts are those of seccompiler 08587106 (src/frontend/json.rs, src/backend/filter.rs
// and condition.rs) and of firecracker 81b38b9d (src/seccompiler/src/types.rs and lib.rs).
//
// Package profile/dialect reads this dialect beside all others, and writes it. The next stage
// is package seccomp, which compiles the policy.
//
// What the dialect is bad at: a filter has two actions and one ABI, so that few policies of
// other tools can be written. It kills the process for other ABIs, and knows no number
// without a name, no USER_NOTIF, and no TRAP with a number.
package firecracker
