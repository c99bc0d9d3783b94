// SPDX-License-Identifier: Apache-2.0

package seccomp

import "github.com/gosieve/sieve/internal/decision"

// order is the order of words in which the decision of some rules is likely the
// smallest: first the argument that most of them look at. If few rules looked at
// the first argument, all others would have to be told apart twice.
//
// Of an argument the high half comes first: it is the same for a whole list of
// small values.
func (c *compiler) order(list []int32) decision.Order {
	var count, place [6]int
	several := false
	for _, r := range list {
		args := c.policy.Rules[r].Args
		several = several || len(args) > 1
		for i := range args {
			count[args[i].Index]++
		}
	}
	order := decision.Natural()
	for i := range count {
		for j := range count {
			if several && (count[j] > count[i] || count[j] == count[i] && j < i) || !several && j < i {
				place[i]++
			}
		}
		high, low := c.words(i)
		order[high.Index] = uint8(4 + 2*place[i])
		order[low.Index] = uint8(5 + 2*place[i])
	}
	return order
}
