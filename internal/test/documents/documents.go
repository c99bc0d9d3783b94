// SPDX-License-Identifier: Apache-2.0

package documents

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Docker is a docker document: rule i stands on line i+2.
func Docker(defaultAction string, rules ...string) []byte {
	return []byte(fmt.Sprintf(`{"defaultAction": "SCMP_ACT_%s", "syscalls": [%s]}`, defaultAction, "\n"+strings.Join(rules, ",\n")))
}

// Rule is a rule; what follows its action are further fields.
func Rule(name, action string, fields ...string) string {
	return fmt.Sprintf(`{"names": [%q], "action": "SCMP_ACT_%s"%s}`, name, action, strings.Join(append([]string{""}, fields...), ", "))
}

// Args is a field of conditions: "0 EQ 5", "1 MASKED_EQ mask datum".
func Args(conditions ...string) string {
	var list []string
	for _, c := range conditions {
		f := append(strings.Fields(c), "0")
		list = append(list, fmt.Sprintf(`{"index": %s, "op": "SCMP_CMP_%s", "value": %s, "valueTwo": %s}`, f[0], f[1], f[2], f[3]))
	}
	return `"args": [` + strings.Join(list, ", ") + `]`
}

// Call is a call by name.
func Call(a arch.Arch, name string, args ...uint64) seccomp.Call {
	nr, ok := a.Number(name)
	if !ok {
		panic(name + " on " + a.String())
	}
	c := seccomp.Call{Audit: a.Audit(), Nr: nr}
	copy(c.Args[:], args)
	return c
}
