// SPDX-License-Identifier: Apache-2.0

// Sieve reads seccomp profiles, compiles them to filters, says what a profile or a filter decides
// and why, and runs commands under them. "sieve help" lists its subcommands, and
// "sieve help COMMAND" describes one.
//
// The command is thin: it turns flags and files into values of the library, calls it, and writes
// what comes back. What a profile means is decided in packages profile and seccomp alone.
//
// # Where to look
//
// Every subcommand is a file of its name with its flags, its help and its run function:
//
//	run        run.go: a child (child.go) under a filter, its supervisor (supervisor.go), what is
//	           said of its denied calls (explanation.go), who it leaves behind (descendants.go)
//	           and how it ended (outcome_linux.go)
//	record     record.go: a child whose calls become a profile
//	derive     derive.go: derivation.go has the reasons as text and JSON, derivecheck.go the
//	           comparison with a profile
//	compile    compile.go: formats are in format.go, assembly.go and dot.go
//	disasm     disasm.go
//	asm        asm.go
//	decompile  decompile.go
//	eval       eval.go
//	explain    explain.go reads the call, verdict.go says what a profile makes of it; for logs auditlog.go, which reads lines of auditd.go and strace.go and asks
//	           a profile about them in attribution.go. Rows of reports are in denial.go
//	prove      prove.go, atmost.go
//	audit      audit.go asks, answers.go and sarif.go write
//	diff       diff.go: what it compares is in sides.go, and what it shows in reviewblock.go;
//	           reviewtext.go, markdown.go and reviewjson.go write
//	merge      merge.go
//	convert    convert.go: remedy.go finds flags with which a refused conversion works
//	lint       lint.go: linter.go looks at files, fix.go mends them, linttext.go, finding.go and
//	           sarif.go write, agent.go compares with what a Mesos agent does
//	report     report.go: subject.go reads what the page is about, package page writes it
//	syscalls   syscalls.go
//	features   features.go, sysctl.go
//	marathon   marathon.go: definition.go and isolator.go read, check.go and instance.go are its
//	           two subcommands, interruption.go stops them, screen.go and lines.go show them
//	completion completion.go: candidates.go knows what may stand where
//
// What they share:
//
//	main.go           from arguments to an exit status: complaint.go writes errors
//	load.go           from a name on the command line to a document; minijail.go reads what a policy
//	                  of that dialect includes, kind.go knows what people give by mistake
//	inputs.go         the texts that a run has read; caret.go shows lines of them below messages
//	flags.go          flags that several commands have; target.go, policy.go and effort.go read them
//	filter.go         raw filters in files and on standard input
//	replacement.go    writing a file so that nobody ever sees half of it; place.go and owner_unix.go
//	                  find where
//	terminal.go       what a terminal is and can do; progress.go and screen.go write on one
//	words.go          words in sentences, and the nearest to a misspelt one
//	relay_linux.go    signals, to the child: once each. witness_linux.go tells those that the child
//	                  has already, signals_linux.go those that sieve was started with as ignored, and
//	                  probe.go keeps Go from doubling one
//
// # Exit statuses
//
// 0, 1 and 2 are yes, no and no answer (statusNo, statusTrouble). What a dialect cannot say is an
// answer: 1. A command that sieve runs passes its own on, and 125 to 127 say that it did not run.
//
// # Limits
//
// Inputs are read whole, up to 64 MiB. Signals are relayed and commands run on Linux alone; all
// else works the same everywhere.
package main
