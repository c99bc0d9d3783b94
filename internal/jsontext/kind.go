// SPDX-License-Identifier: Apache-2.0

package jsontext

// Kind is the type of a value. It is the byte that such a value begins with.
type Kind byte

// The six types of JSON, and None for a byte that begins no value.
const (
	None    Kind = 0
	Object  Kind = '{'
	List    Kind = '['
	String  Kind = '"'
	Number  Kind = '0'
	Boolean Kind = 't'
	Null    Kind = 'n'
)

// KindOf is the kind of the value that begins with c.
func KindOf(c byte) Kind {
	switch c {
	case '{', '[', '"', 't', 'n':
		return Kind(c)
	case 'f':
		return Boolean
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return Number
	}
	return None
}

// String is the kind with its article, for messages: "a list".
func (k Kind) String() string {
	switch k {
	case Object:
		return "an object"
	case List:
		return "a list"
	case String:
		return "a string"
	case Number:
		return "a number"
	case Boolean:
		return "a boolean"
	case Null:
		return "null"
	}
	return "no value"
}
