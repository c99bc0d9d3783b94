// SPDX-License-Identifier: Apache-2.0

// Package page writes a profile or a filter as one web page: every call with its answer, the
// rules behind it, the filter, what is found about it, and the document itself.
//
//	New(what) -> Page, a model that is plain data -> Write: skeleton, style, script and model in one file
//
// The page needs nothing but itself and opens from a disk. Its skeleton, style and script are files
// of assets, the same for all pages; the model stands in the page as JSON, which the script shows.
// grid.go has the calls, step.go the rules of a call, figures.go the lengths of paths,
// plain.go what is shown where no script runs.
//
// # What makes it safe
//
// A document may be written by anyone, and its text must not become markup. The model passes
// through encoding/json, which escapes < and > and &, and cannot leave its element. The script
// makes elements by name and puts text into them as text; it never parses markup. The policy in the
// head (Content-Security-Policy) allows the one style and the one script by their hashes, and no
// network. Characters that are not seen or that turn the direction of a line are made visible
// (text.go). html/template would do the escaping as well, and is not used for its size: 1.5 MB in
// a command of 8, as the methods that it calls by name make the linker keep all others.
package page
