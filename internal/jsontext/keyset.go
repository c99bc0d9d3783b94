// SPDX-License-Identifier: Apache-2.0

package jsontext

// mostListed is how many keys a KeySet compares one by one. Objects of profiles have
// fewer, and need no map.
const mostListed = 16

// KeySet tells keys that were there before. The zero KeySet is empty. It takes time that
// grows with the number of keys and no faster: an object of a million keys is no attack.
type KeySet struct {
	few  []string
	many map[string]struct{}
}

// Add adds a key and says whether it is new.
func (s *KeySet) Add(key string) bool {
	if s.many != nil {
		if _, ok := s.many[key]; ok {
			return false
		}
		s.many[key] = struct{}{}
		return true
	}
	for _, k := range s.few {
		if k == key {
			return false
		}
	}
	if s.few = append(s.few, key); len(s.few) > mostListed {
		s.many = make(map[string]struct{}, 2*len(s.few))
		for _, k := range s.few {
			s.many[k] = struct{}{}
		}
	}
	return true
}
