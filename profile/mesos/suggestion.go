// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/gosieve/sieve/internal/wording"
)

// refusedWord is the end of the agent's message about a word.
var refusedWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(Unexpected|Unknown) (syscall action|operation|operator|architecture|capability): '([^']*)'$`)
})

// nearest returns a suggestion for a word that the agent refuses, `write "SCMP_ACT_KILL"`,
// empty if none is clear. It takes the word from the end of the agent's message, as nothing
// else of a refusal has it. A word that Docker knows (SCMP_ACT_LOG) is no mistake in spelling
// and gets none.
func nearest(message string, docker bool) string {
	found := refusedWord().FindStringSubmatch(message)
	if found == nil || docker && found[1] == "Unknown" {
		return ""
	}
	var words []string
	switch found[2] {
	case "syscall action":
		words = prefixed(prefix, actionWords)
	case "operation", "operator":
		words = prefixed(prefix, operatorWords)
	case "architecture":
		words = prefixed(prefix, archWords)
		if a, ok := wording.Arch(found[3]); ok {
			words = slices.DeleteFunc(words, func(w string) bool { return w != a.Token() })
			if len(words) == 1 {
				return fmt.Sprintf("write %q", words[0])
			}
			return ""
		}
	case "capability":
		words = prefixed("CAP_", capabilityWords)
	}
	if near := wording.Meant(found[3], words); near != "" {
		return fmt.Sprintf("write %q", near)
	}
	return ""
}

// prefixed are words with what documents write before them. UNKNOWN is left out: it is the
// zero value of a protobuf enum, which nobody should write.
func prefixed(prefix string, words []string) []string {
	var list []string
	for _, w := range words {
		if !strings.HasPrefix(w, "UNKNOWN") {
			list = append(list, prefix+w)
		}
	}
	return list
}
