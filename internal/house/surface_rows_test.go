// SPDX-License-Identifier: Apache-2.0

package house

import (
	"reflect"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/firecracker"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/profile/lint"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/profile/minijail"
	"github.com/gosieve/sieve/profile/oci"
	"github.com/gosieve/sieve/profile/spo"
	"github.com/gosieve/sieve/profile/systemd"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/features"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/notify"
	"github.com/gosieve/sieve/seccomp/notify/handover"
	"github.com/gosieve/sieve/seccomp/proof"
)

// surfaceFuncs are the exported functions of the public packages.
var surfaceFuncs = map[string]any{
	"arch.All":                   arch.All,
	"arch.Known":                 arch.Known,
	"arch.Native":                arch.Native,
	"arch.Of":                    arch.Of,
	"arch.Parse":                 arch.Parse,
	"arch.ParseKernel":           arch.ParseKernel,
	"arch.Width":                 arch.Width,
	"bpf.Decode":                 bpf.Decode,
	"bpf.Parse":                  bpf.Parse,
	"dialect.Codes":              dialect.Codes,
	"dialect.Names":              dialect.Names,
	"dialect.Open":               dialect.Open,
	"dialect.Parse":              dialect.Parse,
	"dialect.ReadFile":           dialect.ReadFile,
	"dialect.Write":              dialect.Write,
	"features.Actions":           features.Actions,
	"features.Flags":             features.Flags,
	"features.Probe":             features.Probe,
	"firecracker.Parse":          firecracker.Parse,
	"grant.Changes":              grant.Changes,
	"handover.Receive":           handover.Receive,
	"handover.Send":              handover.Send,
	"launch.Command":             launch.Command,
	"launch.CommandContext":      launch.CommandContext,
	"lint.Lint":                  lint.Lint,
	"lint.Policy":                lint.Policy,
	"mesos.Parse":                mesos.Parse,
	"minijail.Include":           minijail.Include,
	"minijail.Parse":             minijail.Parse,
	"minijail.ParseConstants":    minijail.ParseConstants,
	"notify.Listen":              notify.Listen,
	"notify.FileListener":        notify.FileListener,
	"oci.For":                    oci.For,
	"oci.From":                   oci.From,
	"oci.To":                     oci.To,
	"profile.DockerCaps":         profile.DockerCaps,
	"profile.DockerDefault":      profile.DockerDefault,
	"profile.ENOSYSKnown":        profile.ENOSYSKnown,
	"profile.Expand":             profile.Expand,
	"profile.File":               profile.File,
	"profile.Host":               profile.Host,
	"profile.In":                 profile.In,
	"profile.Limits":             profile.Limits,
	"profile.Parse":              profile.Parse,
	"profile.ParseCaps":          profile.ParseCaps,
	"proof.Compile":              proof.Compile,
	"proof.Decompile":            proof.Decompile,
	"proof.EqualPrograms":        proof.EqualPrograms,
	"proof.Diff":                 proof.Diff,
	"proof.Intersect":            proof.Intersect,
	"proof.Of":                   proof.Of[seccomp.Filter],
	"proof.Prove":                proof.Prove,
	"proof.Subtract":             proof.Subtract,
	"proof.Union":                proof.Union,
	"seccomp.Errno":              seccomp.Errno,
	"seccomp.FewestInstructions": seccomp.FewestInstructions,
	"seccomp.Installed":          seccomp.Installed,
	"seccomp.NoNewPrivs":         seccomp.NoNewPrivs,
	"seccomp.ShortestPaths":      seccomp.ShortestPaths,
	"seccomp.Trace":              seccomp.Trace,
	"seccomp.Trap":               seccomp.Trap,
	"seccomp.Weights":            seccomp.Weights,
	"seccomp.Within":             seccomp.Within,
	"spo.All":                    spo.All,
	"spo.Parse":                  spo.Parse,
	"systemd.Parse":              systemd.Parse,
}

// surfaceTypes are their exported types, whose methods reflection finds.
var surfaceTypes = map[string]reflect.Type{
	"arch.Arch":                      reflect.TypeFor[arch.Arch](),
	"arch.Kernel":                    reflect.TypeFor[arch.Kernel](),
	"bpf.Data":                       reflect.TypeFor[bpf.Data](),
	"bpf.Program":                    reflect.TypeFor[bpf.Program](),
	"dialect.Conversion":             reflect.TypeFor[dialect.Conversion](),
	"dialect.DetectError":            reflect.TypeFor[dialect.DetectError](),
	"dialect.Document":               reflect.TypeFor[dialect.Document](),
	"dialect.Options":                reflect.TypeFor[dialect.Options](),
	"features.Answer":                reflect.TypeFor[features.Answer](),
	"features.Features":              reflect.TypeFor[features.Features](),
	"features.Notify":                reflect.TypeFor[features.Notify](),
	"firecracker.Profile":            reflect.TypeFor[firecracker.Profile](),
	"grant.Change":                   reflect.TypeFor[grant.Change](),
	"grant.Kind":                     reflect.TypeFor[grant.Kind](),
	"handover.ContainerProcessState": reflect.TypeFor[handover.ContainerProcessState](),
	"handover.State":                 reflect.TypeFor[handover.State](),
	"launch.Cmd":                     reflect.TypeFor[launch.Cmd](),
	"launch.Denial":                  reflect.TypeFor[launch.Denial](),
	"launch.Stage":                   reflect.TypeFor[launch.Stage](),
	"launch.StartError":              reflect.TypeFor[launch.StartError](),
	"lint.Fixer":                     reflect.TypeFor[lint.Fixer](),
	"mesos.Profile":                  reflect.TypeFor[mesos.Profile](),
	"minijail.Profile":               reflect.TypeFor[minijail.Profile](),
	"notify.FD":                      reflect.TypeFor[notify.FD](),
	"notify.FDFlags":                 reflect.TypeFor[notify.FDFlags](),
	"notify.Listener":                reflect.TypeFor[notify.Listener](),
	"notify.Notification":            reflect.TypeFor[notify.Notification](),
	"notify.Sockaddr":                reflect.TypeFor[notify.Sockaddr](),
	"profile.ArchMap":                reflect.TypeFor[profile.ArchMap](),
	"profile.Arg":                    reflect.TypeFor[profile.Arg](),
	"profile.Code":                   reflect.TypeFor[profile.Code](),
	"profile.Diagnostic":             reflect.TypeFor[profile.Diagnostic](),
	"profile.Dialect":                reflect.TypeFor[profile.Dialect](),
	"profile.Edit":                   reflect.TypeFor[profile.Edit](),
	"profile.Error":                  reflect.TypeFor[profile.Error](),
	"profile.Filter":                 reflect.TypeFor[profile.Filter](),
	"profile.Option":                 reflect.TypeFor[profile.Option](),
	"profile.ParseOption":            reflect.TypeFor[profile.ParseOption](),
	"profile.Place":                  reflect.TypeFor[profile.Place](),
	"profile.Profile":                reflect.TypeFor[profile.Profile](),
	"profile.Rule":                   reflect.TypeFor[profile.Rule](),
	"profile.Severity":               reflect.TypeFor[profile.Severity](),
	"profile.Target":                 reflect.TypeFor[profile.Target](),
	"profile.UnsayableError":         reflect.TypeFor[profile.UnsayableError](),
	"proof.Counterexample":           reflect.TypeFor[proof.Counterexample](),
	"proof.Difference":               reflect.TypeFor[proof.Difference](),
	"proof.Side":                     reflect.TypeFor[proof.Side](),
	"proof.MaskedRange":              reflect.TypeFor[proof.MaskedRange](),
	"proof.Constraint":               reflect.TypeFor[proof.Constraint](),
	"seccomp.Action":                 reflect.TypeFor[seccomp.Action](),
	"seccomp.Arg":                    reflect.TypeFor[seccomp.Arg](),
	"seccomp.Call":                   reflect.TypeFor[seccomp.Call](),
	"seccomp.Decider":                reflect.TypeFor[seccomp.Decider](),
	"seccomp.Decision":               reflect.TypeFor[seccomp.Decision](),
	"seccomp.Filter":                 reflect.TypeFor[seccomp.Filter](),
	"seccomp.Flags":                  reflect.TypeFor[seccomp.Flags](),
	"seccomp.Limits":                 reflect.TypeFor[seccomp.Limits](),
	"seccomp.Op":                     reflect.TypeFor[seccomp.Op](),
	"seccomp.Option":                 reflect.TypeFor[seccomp.Option](),
	"seccomp.Origin":                 reflect.TypeFor[seccomp.Origin](),
	"seccomp.Policy":                 reflect.TypeFor[seccomp.Policy](),
	"seccomp.Reason":                 reflect.TypeFor[seccomp.Reason](),
	"seccomp.Range":                  reflect.TypeFor[seccomp.Range](),
	"seccomp.Rule":                   reflect.TypeFor[seccomp.Rule](),
	"spo.Profile":                    reflect.TypeFor[spo.Profile](),
	"systemd.Profile":                reflect.TypeFor[systemd.Profile](),
}
