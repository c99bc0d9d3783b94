// SPDX-License-Identifier: Apache-2.0

package seccomp

import "fmt"

// The version of libseccomp whose functions this package has. There is no library.
var verMajor, verMinor, verMicro uint = 2, 6, 0

// GetLibraryVersion is the version of libseccomp whose functions this package has:
// 2.6.0, whatever is installed.
func GetLibraryVersion() (major, minor, micro uint) { return verMajor, verMinor, verMicro }

// VersionError is the error of an operation that the API level, and so the kernel, does
// not allow.
type VersionError struct {
	op                  string // the operation
	major, minor, micro uint   // the version that it needs
	curAPI, minAPI      uint   // the API level, and the one that it needs
}

// Error says what is needed.
func (e VersionError) Error() string {
	need := fmt.Sprintf("%s requires libseccomp >= %d.%d.%d", e.op, e.major, e.minor, e.micro)
	have := fmt.Sprintf("effective version: %d.%d.%d", verMajor, verMinor, verMicro)
	if e.minAPI == 0 {
		return need + " (" + have + ")"
	}
	return fmt.Sprintf("%s and API level >= %d (%s, API level: %d)", need, e.minAPI, have, e.curAPI)
}

// checkVersion is a *VersionError for a version above this package's.
func checkVersion(op string, major, minor, micro uint) error {
	have, want := [3]uint{verMajor, verMinor, verMicro}, [3]uint{major, minor, micro}
	for i := range have {
		if have[i] > want[i] {
			return nil
		}
		if have[i] < want[i] {
			return &VersionError{op: op, major: major, minor: minor, micro: micro}
		}
	}
	return nil
}

// checkAPI is a *VersionError for an API level above the present one, or a version above
// this package's.
func checkAPI(op string, minLevel uint, major, minor, micro uint) error {
	level, _ := getAPI()
	if level >= minLevel {
		return checkVersion(op, major, minor, micro)
	}
	return &VersionError{op: op, curAPI: level, minAPI: minLevel, major: major, minor: minor, micro: micro}
}
