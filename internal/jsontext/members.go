// SPDX-License-Identifier: Apache-2.0

package jsontext

// Members is an object that is being read, at the field that Key came to. The zero Members
// is an object before its first field.
type Members struct {
	Key          string
	KeyAt, KeyTo int // the key with its quotes is text[KeyAt:KeyTo]
	begun        bool
}

// Object begins an object. Fields follow by Key:
//
//	for o := r.Object("an object"); r.Key(&o); {
//
// What says what is wanted, for the error about a value of another type.
func (r *Reader) Object(what string) Members {
	if r.Want(Object, what) {
		r.nest()
	}
	return Members{}
}

// List begins a list. Items follow by Item:
//
//	for r.List("a list"); r.Item(); {
//
// What says what is wanted, for the error about a value of another type.
func (r *Reader) List(what string) {
	if r.Want(List, what) {
		r.nest()
	}
}

// nest enters an object or a list, whose bracket stands here.
func (r *Reader) nest() {
	if len(r.path) >= r.most {
		r.fail(TooDeep, r.at, "nested deeper than %d", r.most)
		return
	}
	r.path = append(r.path, step{index: -1})
	r.at++
}

// Key reads the next key and its colon, so that the field's value comes next. At the end
// of the object it leaves the object and returns false, as it does after an error. Keys that
// are there twice are the caller's to find, who knows which names mean the same: see KeySet
// and Twice.
func (r *Reader) Key(o *Members) bool {
	c := r.Peek()
	if r.err != nil {
		return false
	}
	top := &r.path[len(r.path)-1] // of this object: values have left theirs
	if c == '}' {
		r.at++
		r.path = r.path[:len(r.path)-1]
		return false
	}
	if o.begun {
		top.key = "" // an error from here on is about the object
		if c != ',' {
			r.Unexpected("a comma or the end of the object")
			return false
		}
		r.at++
		if c = r.Peek(); c == '}' {
			r.Unexpected("a key after the comma")
			return false
		}
	}
	if c != '"' {
		r.Unexpected("a key in quotes")
		return false
	}
	o.begun, o.KeyAt = true, r.at
	o.Key = r.scan()
	o.KeyTo = r.at
	if c = r.Peek(); c != ':' {
		r.Unexpected("a colon after the key")
		return false
	}
	r.at++
	r.space()
	top.key = o.Key
	return true
}

// Item comes to the list's next value. At the end of the list it leaves it and returns
// false, as it does after an error.
func (r *Reader) Item() bool {
	c := r.Peek()
	if r.err != nil {
		return false
	}
	top := &r.path[len(r.path)-1]
	if c == ']' {
		r.at++
		r.path = r.path[:len(r.path)-1]
		return false
	}
	if top.index >= 0 {
		if c != ',' {
			r.Unexpected("a comma or the end of the list")
			return false
		}
		r.at++
		if r.Peek() == ']' {
			r.Unexpected("a value after the comma")
			return false
		}
	}
	top.index++
	return true
}
