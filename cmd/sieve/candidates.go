// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/audit"
)

// flagValues has the values of flags that a shell can complete, by the flag's name or,
// where commands differ, by the command's and the flag's. Flags whose values nobody can
// foresee are there with nil. A test holds that every flag with a value is listed, so a
// new flag needs a line here.
func flagValues() map[string]func() []candidate {
	return map[string]func() []candidate{
		"profile":                profiles,
		"run profile":            func() []candidate { return append(profiles(), candidate{"unconfined", "no filter"}) },
		"dialect":                func() []candidate { return append(dialects(), candidate{"auto", "by what the file holds"}) },
		"marathon check dialect": agentDialects,
		"marathon run dialect":   agentDialects,
		"from":                   func() []candidate { return append(dialects(), candidate{"auto", "by what the file holds"}) },
		"to":                     dialects,
		"arch":                   abis,
		"abi":                    abis,
		"cap":                    capabilities,
		"bounding-cap":           capabilities,
		"enosys":                 func() []candidate { return words("runc", "known", "off") },
		"to-enosys":              func() []candidate { return words("runc", "off") },
		"args":                   func() []candidate { return words("wide", "narrow") },
		"audit format":           func() []candidate { return words("text", "json", "sarif") },
		"require":                questions,
		"close":                  questions,
		"dialect-a":              func() []candidate { return append(dialects(), candidate{"auto", "by what the file holds"}) },
		"dialect-b":              func() []candidate { return append(dialects(), candidate{"auto", "by what the file holds"}) },
		"cap-a":                  capabilities,
		"cap-b":                  capabilities,
		"enosys-a":               func() []candidate { return words("runc", "known", "off") },
		"enosys-b":               func() []candidate { return words("runc", "known", "off") },
		"args-a":                 func() []candidate { return words("wide", "narrow") },
		"args-b":                 func() []candidate { return words("wide", "narrow") },
		"thread-a":               nil,
		"thread-b":               nil,
		"kernel-a":               nil,
		"kernel-b":               nil,
		"severity":               severities,
		"fail-on":                severities,
		"runtime":                func() []candidate { return words("runc", "crun", "none") },
		"compile format":         func() []candidate { return words(formats...) },
		"asm format":             func() []candidate { return words(formats...) },
		"merge format":           func() []candidate { return words(formats...) },
		"disasm format":          func() []candidate { return words(formats...) },
		"diff format":            func() []candidate { return words("text", "json", "markdown") },
		"explain format":         func() []candidate { return words("text", "json") },
		"features format":        func() []candidate { return words("text", "json") },
		"prove format":           func() []candidate { return words("text", "json") },
		"at-most":                profiles,
		"for":                    func() []candidate { return words("artifact") },
		"decompile format":       func() []candidate { return words("json", "rules") },
		"lint format":            func() []candidate { return words("text", "json", "sarif") },
		"derive format":          func() []candidate { return words("profile", "json", "bpf") },
		"why":                    calls,
		"C":                      files,
		"exec":                   files,
		"allow-exec":             func() []candidate { return words(dockerName) },
		"check":                  files,
		"tags":                   nil,
		"o":                      files,
		"output":                 files,
		"base":                   files,
		"include-root":           files,
		"constants":              files,
		"filter":                 files,
		"calls":                  files,
		"audit":                  files,
		"against":                profiles,
		"against-dialect":        func() []candidate { return append(dialects(), candidate{"auto", "by what the file holds"}) },
		"report":                 files,
		"record":                 files,
		"events":                 files,
		"seccomp-config-dir":     files,
		"seccomp-profile-name":   nil, // a file in a folder that another flag names
		"thread":                 nil,
		"to-thread":              nil,
		"name":                   nil,
		"kernel":                 nil,
		"written":                nil,
		"denied":                 nil,
		"effort":                 nil,
		"limit":                  nil,
		"pid":                    nil,
	}
}

// argumentValues has what may stand where a command wants an argument, by the command's
// name. Commands that are not listed take files.
func argumentValues() map[string]func(before []string) []candidate {
	return map[string]func(before []string) []candidate{
		"audit":      profileFiles,
		"compile":    profileFiles,
		"completion": func([]string) []candidate { return words(shells...) },
		"convert":    profileFiles,
		"diff":       profileFiles,
		"explain":    func(before []string) []candidate { return unless(len(before) > 0, calls) },
		"features":   func([]string) []candidate { return nil },
		"lint":       profileFiles,
		"merge":      profileFiles,
		"prove":      profileFiles,
		"record":     program,
		"report":     profileFiles,
		"run":        program,
		"syscalls":   func([]string) []candidate { return calls() },
	}
}

// values are the candidates for a flag's value. The value of a flag that takes a list is
// completed after its last comma: a shell replaces the whole word, so each candidate
// repeats what stands before it.
func (c *cursor) values(f *cli.Flag, word string) []candidate {
	var list []candidate
	// The command's own entry counts before the general one.
	for _, key := range []string{c.name() + " " + f.Names()[0], f.Names()[0]} {
		if values := flagValues()[key]; values != nil {
			list = values()
			break
		}
	}
	if f.Kind == cli.List {
		before := word[:strings.LastIndexByte(word, ',')+1]
		if sign := word[len(before):]; sign != "" && relative(sign) && strings.HasPrefix(f.Name, "cap") {
			before += sign[:1] // +CAP_BPF
		}
		for i := range list {
			list[i].text = before + list[i].text
		}
	}
	return list
}

// name is the command's without "sieve".
func (c *cursor) name() string {
	_, name, _ := strings.Cut(c.command.FullName(), " ")
	return name
}

// arguments are the candidates where no flag stands.
func (c *cursor) arguments() []candidate {
	switch {
	case c.name() == "help":
		return subcommands(c.command.Root())
	// A command that has subcommands takes nothing else as its first word.
	case len(c.command.Commands) > 0 && len(c.words) == 0:
		return subcommands(c.command)
	}
	if values, ok := argumentValues()[c.name()]; ok {
		return values(c.words)
	}
	return files()
}

// subcommands are the commands that help shows, with their usage as the description.
func subcommands(of *cli.Command) []candidate {
	var list []candidate
	for _, below := range of.Commands {
		if !below.Hidden {
			list = append(list, candidate{below.Name, below.Usage})
		}
	}
	return list
}

// questions are those of audit, with their titles.
func questions() []candidate {
	list := []candidate{{"all", "every question"}}
	for _, q := range audit.Questions() {
		list = append(list, candidate{q.ID, q.Title})
	}
	return list
}

// words are candidates without a description.
func words(list ...string) []candidate {
	all := make([]candidate, len(list))
	for i, word := range list {
		all[i] = candidate{text: word}
	}
	return all
}

// unless leaves out the work of finding candidates where nothing can stand: a completion
// runs at every TAB.
func unless(not bool, of func() []candidate) []candidate {
	if not {
		return nil
	}
	return of()
}

// files leaves it to the shell to list files.
func files() []candidate { return []candidate{anyFile} }

// program completes a command to run, and then that command's own arguments.
func program(before []string) []candidate {
	if len(before) == 0 {
		return []candidate{anyProgram, anyFile}
	}
	return files()
}

// profiles are what --profile takes.
func profiles() []candidate {
	return []candidate{{dockerName, "Docker's default profile"}, anyFile}
}

// profileFiles are arguments that are profiles, at any place.
func profileFiles([]string) []candidate { return profiles() }

// dialects are those of --from, --to and --dialect.
func dialects() []candidate { return words(strings.Split(dialectNames(), ", ")...) }

// agentDialects are those that marathon's flag takes.
func agentDialects() []candidate { return words(agentWords()...) }

// severities are those of lint's flags, the mildest first.
func severities() []candidate { return words("info", "warning", "error") }

// abis are the kernel's names. --arch takes others as well.
func abis() []candidate {
	var list []candidate
	for _, abi := range arch.All() {
		list = append(list, candidate{text: abi.String()})
	}
	return list
}

// capabilities are those of --cap.
func capabilities() []candidate {
	return append(words(allCaps()...), candidate{"ALL", "every capability"})
}

// calls are the names of the calls of all ABIs, sorted.
func calls() []candidate {
	var names []string
	for _, abi := range arch.All() {
		for _, name := range abi.Calls() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return words(slices.Compact(names)...)
}
