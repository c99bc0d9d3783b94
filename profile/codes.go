// SPDX-License-Identifier: Apache-2.0

package profile

var codes = []struct {
	code    Code
	meaning string
}{}
