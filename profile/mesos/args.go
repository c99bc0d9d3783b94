// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/picojson"
	"github.com/gosieve/sieve/profile"
)

// args reads the conditions of a rule. The key is required. A value that is no list is no
// conditions at all, so that "args": {} makes the rule apply to every call of its names:
// the agent reads null as "no conditions" and asks only whether the value is a list.
func (p *parser) args(r *rule, item *picojson.Value, path string) *document.Refusal {
	v, ok := item.Fields["args"]
	if !ok {
		return p.fail(item, path+".args", "Cannot determine 'args' field for 'syscalls' item: "+picojson.NotFound)
	}
	if v.Kind != picojson.List {
		if v.Kind != picojson.Null {
			p.warn(v, path+".args", argsDropped, profile.Warning, "write a list of conditions",
				"args is no list: the agent reads no conditions, and the rule applies to all arguments")
		}
		return nil
	}
	for i, item := range v.Items {
		path := fmt.Sprintf("%s.args[%d]", path, i)
		if item.Kind != picojson.Object {
			return p.fail(item, path, "'args' contains a non-object item")
		}
		if err := p.arg(r, item, path); err != nil {
			return err
		}
	}
	return nil
}

// arg reads one condition:
//
//	{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
//
// All four keys are required and are read in this order, so that the message about the first
// that is missing is the agent's.
//
// Numbers are cast without a check (stout's JSON::Number::as is a static_cast): -1 becomes
// 2^64-1, the index 4294967296 becomes 0, and 1.9 becomes 1. A number above 2^63-1 is a double
// to the agent, and loses digits. Each change is a warning.
func (p *parser) arg(r *rule, item *picojson.Value, path string) *document.Refusal {
	c := condition{at: item.At}
	const missing = "Cannot determine '%s' field for 'args' item: %s"
	for _, key := range []string{"index", "value", "valueTwo"} {
		v, why := item.Field(key, picojson.Number)
		if why != "" {
			return p.fail(cmpValue(v, item), path+"."+key, fmt.Sprintf(missing, key, why))
		}
		cast := v.Num.Uint64()
		switch key {
		case "index":
			c.index = v.Num.Uint32()
			cast = uint64(c.index)
		case "value":
			c.value = cast
		case "valueTwo":
			c.valueTwo = cast
		}
		if !v.Num.Exact() || cast != v.Num.Uint64() {
			p.warn(v, path+"."+key, inexact, profile.Warning, "write a whole number from 0 to 9223372036854775807",
				"the agent reads this number as %d", cast)
		}
	}
	v, why := item.Field("op", picojson.Text)
	if why != "" {
		return p.fail(cmpValue(v, item), path+".op", fmt.Sprintf(missing, "op", why))
	}
	n, wrong := word(operatorWords, v.Text, "operation", "operator")
	if wrong != "" {
		return p.fail(v, path+".op", wrong)
	}
	c.op = n
	r.args = append(r.args, c)
	return nil
}
