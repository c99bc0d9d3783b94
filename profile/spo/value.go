// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gosieve/sieve/internal/wording"
)

// visit counts a value that is looked at, and is false once there are too many. Aliases can
// make a small document huge: ten levels of ten aliases each are ten thousand million values.
func (d *manifest) visit(at item, path string) bool {
	if d.visits++; d.visits > mostVisits {
		d.wrong(aliases, at, path, "more than %d values, counted with what aliases stand for", mostVisits)
	}
	return d.err == nil
}

// null reports whether an item is absent or null, which the API server takes for the same.
func null(at item) bool {
	return at.node == nil || at.node.Kind == yaml.ScalarNode && at.node.ShortTag() == "!!null"
}

// object checks that an item is an object, and warns of keys that the schema does not have.
// Values of unknown keys are not looked at.
func (d *manifest) object(at item, path string, known ...string) bool {
	if !d.visit(at, path) {
		return false
	}
	if at.node.Kind != yaml.MappingNode {
		d.wrong("wrong-type", at, path, "got %s, want an object", kindOf(at.node))
		return false
	}
	for i := 0; i < len(at.node.Content); i += 2 {
		key := at.node.Content[i]
		if !d.visit(at, path) {
			return false
		}
		if !slices.Contains(known, key.Value) {
			d.unknown(item{key, key}, join(path, key.Value), key.Value, known)
		}
	}
	return d.err == nil
}

// unknown warns of a key that the schema does not have, which the API server drops. One is
// an error: a rule with Docker's includes or excludes would apply everywhere without it.
func (d *manifest) unknown(at item, path, key string, known []string) {
	if key == "includes" || key == "excludes" {
		d.wrong("docker-key", at, path, "only the docker dialect has the key %q: without it the rule would apply everywhere", key)
		return
	}
	if near := wording.Nearest(key, known); near != "" {
		d.warn("unknown-key", at, path, "write "+strconv.Quote(near), "unknown key %q, which the API server drops; did you mean %q?", clip(key), near)
		return
	}
	d.warn("unknown-key", at, path, "remove it", "unknown key %q, which the API server drops", clip(key))
}

// join appends a key to a path.
func join(path, key string) string {
	if path == "" {
		return clip(key)
	}
	return path + "." + clip(key)
}

// string reads a string, empty for null or nothing.
func (d *manifest) string(at item, path string) string {
	if null(at) || !d.visit(at, path) {
		return ""
	}
	if at.node.Kind != yaml.ScalarNode || at.node.ShortTag() != "!!str" {
		d.wrong("wrong-type", at, path, "got %s, want a string", kindOf(at.node))
		return ""
	}
	return at.node.Value
}

// list is a list's items; nil for null or nothing, not nil for one that is empty.
func (d *manifest) list(at item, path string) []item {
	if null(at) || !d.visit(at, path) {
		return nil
	}
	if at.node.Kind != yaml.SequenceNode {
		d.wrong("wrong-type", at, path, "got %s, want a list", kindOf(at.node))
		return nil
	}
	items := make([]item, 0, len(at.node.Content))
	for _, n := range at.node.Content {
		if !d.visit(at, path) {
			return nil
		}
		items = append(items, follow(n))
	}
	return items
}

// strings reads a list of strings. The schema marks these lists as sets, so that the API
// server refuses a string that is there twice; what it means is clear, so it is a warning.
func (d *manifest) strings(at item, path string) []string {
	items := d.list(at, path)
	if items == nil {
		return nil
	}
	words := make([]string, 0, len(items))
	seen := make(map[string]struct{}, len(items))
	for i, at := range items {
		path := fmt.Sprintf("%s[%d]", path, i)
		if null(at) {
			d.wrong("wrong-type", at, path, "got null, want a string")
		}
		word := d.string(at, path)
		if d.err != nil {
			return nil
		}
		if _, ok := seen[word]; ok {
			d.warn(repeated, at, path, "remove it", "%q is there twice, which the API server refuses", clip(word))
		}
		seen[word] = struct{}{}
		words = append(words, word)
	}
	return words
}

// uint reads a whole number from 0 to most, 0 for null or nothing. It may be written
// as YAML 1.1 allows: 0x10, 0o20, 020, 1_6. YAML takes a number beyond 64 bits for a float,
// so that tag passes the first check and the number is refused by its size.
func (d *manifest) uint(at item, path string, most uint64) uint64 {
	if null(at) || !d.visit(at, path) {
		return 0
	}
	tag := at.node.ShortTag()
	if at.node.Kind != yaml.ScalarNode || tag != "!!int" && tag != "!!float" {
		d.wrong("wrong-type", at, path, "got %s, want a number", kindOf(at.node))
		return 0
	}
	n, err := strconv.ParseUint(strings.ReplaceAll(strings.TrimPrefix(at.node.Value, "+"), "_", ""), 0, 64)
	if err != nil || n > most {
		d.wrong("number", at, path, "%s: want a whole number from 0 to %d", clip(at.node.Value), most)
		return 0
	}
	return n
}

// bool reads a boolean, false for null or nothing. YAML 1.1 has more words for it (yes, on),
// which the reader resolves to strings.
func (d *manifest) bool(at item, path string) bool {
	if null(at) || !d.visit(at, path) {
		return false
	}
	if at.node.Kind != yaml.ScalarNode || at.node.ShortTag() != "!!bool" {
		d.wrong("wrong-type", at, path, "got %s, want a boolean", kindOf(at.node))
		return false
	}
	return strings.EqualFold(at.node.Value, "true")
}
