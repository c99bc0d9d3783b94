// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/seccomp"
)

// Agent says how a Mesos agent is set up: by its flags, in the names of the fields'
// comments, and by what differs here.
type Agent struct {
	// ConfigDir is the folder of profiles (--seccomp_config_dir).
	ConfigDir string
	// DefaultProfile is the profile of containers that name none
	// (--seccomp_profile_name); empty for no filter.
	DefaultProfile string
	// Native is the agent's machine; 0 is the one that this program was built for.
	Native arch.Arch
	// FollowOut lets names with "..", and links, lead out of ConfigDir, as they do in
	// Mesos. Without it such a profile is refused.
	FollowOut bool
	// Docker reads profiles in Docker's dialect, which no agent does.
	Docker bool
}

// SeccompInfo is what a container asks for (LinuxInfo.seccomp in mesos.proto). A container
// without one gets the agent's default. One that is there and asks for nothing is an error:
// it does not mean the default.
type SeccompInfo struct {
	ProfileName *string // below the config dir; nil if not given
	Unconfined  bool
}

// setting is an error about the agent's flags or a container's info, which has no place
// in a file.
func setting(message string) *document.Refusal {
	return document.Refused(ErrSetting, profile.Place{}, message)
}

// Isolator is an agent that has started. It may be used by several goroutines.
type Isolator struct {
	agent   Agent
	initial *Launch // nil if there is no default
}

// Start reads the default profile, once and for all: a change of the file has no effect until
// the agent starts again. Errors are *document.Refusal, and an agent would not start.
func (a Agent) Start() (*Isolator, error) {
	if a.ConfigDir == "" {
		return nil, setting("Missing required `--seccomp_config_dir` flag")
	}
	if a.Native == 0 {
		a.Native = arch.Native()
	}
	i := &Isolator{agent: a}
	if a.DefaultProfile != "" {
		l, err := i.load(a.DefaultProfile)
		if err != nil {
			return nil, err
		}
		l.Default = true
		i.initial = l
	}
	return i, nil
}

// Prepare says what a container runs under. A profile other than the default is read
// now, every time. An empty name is read too, as the config dir itself, and fails.
//
// What the container is does not matter: a nested one, a debug session and a
// standalone one each have their own info, and inherit nothing from their parent. So a
// command that is run in an unconfined container is under the agent's default.
//
// Errors are *document.Refusal with the isolator's message. They wrap ErrSetting, ErrOutside,
// the system's error for a file that cannot be read, or what Parse's wrap.
func (i *Isolator) Prepare(info *SeccompInfo) (*Launch, error) {
	if i == nil {
		return nil, setting("no isolator")
	}
	switch {
	case info == nil && i.initial == nil:
		return &Launch{Default: true}, nil
	case info == nil:
		return i.initial, nil
	case info.Unconfined && info.ProfileName != nil:
		return nil, setting("Invalid Seccomp configuration: 'profile_name' given even though 'unconfined' Seccomp setting is enabled")
	case info.ProfileName != nil:
		return i.load(*info.ProfileName)
	case info.Unconfined:
		return &Launch{}, nil
	}
	return nil, setting("Missing Seccomp profile name")
}

// Launch is what a container runs under: a profile, or no filter.
type Launch struct {
	Name    string // the profile's, as it was given; meaningless if Unconfined
	Path    string // its file
	Default bool   // it is the agent's default
	reader  resolver
}

// resolver is a profile of either dialect. It keeps Launch free of the question which one
// it is.
type resolver interface {
	Resolve(profile.Target, ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error)
}

// Unconfined says that there is no filter.
func (l *Launch) Unconfined() bool {
	if l == nil {
		return false
	}
	return l.reader == nil
}

// Policy is the policy for a target, whose capabilities are those that
// Capabilities.Set computes. It is nil without a filter. See Profile.Resolve.
func (l *Launch) Policy(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if l == nil {
		return nil, nil, fmt.Errorf("%w: no launch", profile.ErrProfile)
	}
	if l.Unconfined() {
		return nil, nil, nil
	}
	return l.reader.Resolve(t, opts...)
}

// Flags are the flags for installing the filter on a kernel that takes those given. Mesos
// gives none; a profile in Docker's dialect has its own.
func (l *Launch) Flags(kernel seccomp.Flags) seccomp.Flags {
	if l == nil {
		return 0
	}
	if p, ok := l.reader.(*profile.Profile); ok {
		return p.InstallFlags(kernel)
	}
	return 0
}

// Join is the path of a profile as Mesos writes it: one slash at the end of the
// folder and one at the beginning of the name are dropped. Nothing else is cleaned, so "../x"
// leads out of the folder; open sees to that.
func Join(dir, name string) string {
	return strings.TrimSuffix(dir, "/") + "/" + strings.TrimPrefix(name, "/")
}

// load reads and parses a profile. The message about a file that cannot be read is the
// isolator's, with the C library's text for the system's error.
func (i *Isolator) load(name string) (*Launch, error) {
	path := Join(i.agent.ConfigDir, name)
	doc, err := i.agent.read(name)
	if err != nil {
		return nil, document.Refused(err, profile.Place{File: path}, "Failed to read Seccomp profile file '"+path+"': "+strerror(err))
	}
	l := &Launch{Name: name, Path: path}
	if i.agent.Docker {
		l.reader, err = asResolver(profile.Parse(doc, profile.File(path)))
	} else {
		l.reader, err = asResolver(mesos.Parse(doc, profile.File(path), document.Native(i.agent.Native)))
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

// asResolver keeps a nil *Profile from becoming a resolver that is not nil, which
// Unconfined would take for a profile.
func asResolver[P resolver](p P, err error) (resolver, error) {
	if err != nil {
		return nil, err
	}
	return p, nil
}

// largest is how much is read of a profile, in bytes. No profile comes near; the bound is
// against a file that never ends.
const largest = 64 << 20

// read reads a file below the config dir.
func (a Agent) read(name string) ([]byte, error) {
	f, err := a.open(strings.TrimPrefix(name, "/"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err == nil && len(doc) > largest {
		return nil, fmt.Errorf("larger than %d bytes", largest)
	}
	return doc, err
}

// open opens a profile below the config dir. Mesos joins the two paths and follows
// whatever comes, so a name with ".." or a link can lead to any file of the machine. Here
// that needs FollowOut: os.Root checks every step of the path while it opens, so a link
// that is swapped meanwhile leads nowhere.
func (a Agent) open(name string) (*os.File, error) {
	if a.FollowOut {
		path := Join(a.ConfigDir, name)
		return regular(os.Stat(path))(func() (*os.File, error) { return os.Open(path) })
	}
	if strings.HasPrefix(name, "/") {
		// Mesos drops one slash; the rest stays below the folder there too.
		name = strings.TrimLeft(name, "/")
	}
	if name == "" {
		name = "."
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, outside(name)
	}
	root, err := os.OpenRoot(a.ConfigDir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	file, err := regular(root.Stat(name))(func() (*os.File, error) { return root.Open(name) })
	if err != nil && escapes(err) {
		return nil, outside(name)
	}
	return file, err
}

// regular opens a file only if it is a regular one. A folder gives EISDIR, the error that
// reading one gives in Mesos; a pipe would wait for a writer. It returns a function,
// since two ways to open share the checks.
func regular(info fs.FileInfo, err error) func(func() (*os.File, error)) (*os.File, error) {
	return func(open func() (*os.File, error)) (*os.File, error) {
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			return nil, syscall.EISDIR
		case !info.Mode().IsRegular():
			return nil, fmt.Errorf("not a regular file")
		}
		return open()
	}
}

// outside is the error about a name that leads out of the config dir.
func outside(name string) error {
	return fmt.Errorf("%w: %q leads out of it; Mesos would follow", ErrOutside, name)
}

// escapes says whether an error of os.Root is that the path leads out of it. The
// error has no name (os.errPathEscapes); it is the only one that is no errno. A test opens
// such a path, so a release of Go that changes this is noticed.
func escapes(err error) bool {
	var errno syscall.Errno
	var path *fs.PathError
	return errors.As(err, &path) && !errors.As(err, &errno)
}
