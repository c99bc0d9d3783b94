// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	docker "github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// loads is how many processes load Docker's default profile, for each side.
const loads = 40

// initSeccomp is a program over runc's own packages, which is built in runc's module.
//
//go:embed initseccomp/main.go
var initSeccomp []byte

// measureRunc compares the programs, what they say of themselves, and how long
// each takes from Docker's default profile to a filter in force.
func measureRunc(ctx context.Context, sides []*checkout) ([]row, error) {
	name := sides[0].user.title()
	size := row{user: name, what: "program, stripped"}
	for _, side := range sides {
		info, err := os.Stat(side.bin("."))
		if err != nil {
			return nil, err
		}
		linked, err := links(side.bin("."))
		if err != nil {
			return nil, err
		}
		text := fmt.Sprintf("%.2f MB", float64(info.Size())/1e6)
		if linked {
			text += " and libseccomp.so"
		}
		size.measured = append(size.measured, text)
	}
	load, err := measureLoads(ctx, sides)
	if err != nil {
		return nil, err
	}
	load.user = name
	features, err := compareFeatures(ctx, sides)
	for i := range features {
		features[i].user = name
	}
	return append([]row{size, load}, features...), err
}

// measureLoads lets the sides take turns, each load in a process of its own: a
// filter is for ever.
func measureLoads(ctx context.Context, sides []*checkout) (row, error) {
	r := row{what: fmt.Sprintf("InitSeccomp with Docker's default, least and median of %d", loads)}
	document, err := dockerDefault()
	if err != nil {
		return r, err
	}
	for _, side := range sides {
		folder := filepath.Join(side.dir, "initseccomp")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return r, err
		}
		if err := os.WriteFile(filepath.Join(folder, "main.go"), initSeccomp, 0o644); err != nil {
			return r, err
		}
		if err := side.gobuild(ctx, "./initseccomp"); err != nil {
			return r, err
		}
	}
	times := make([][]time.Duration, len(sides))
	for range loads {
		for i, side := range sides {
			cmd := side.command(ctx, side.bin("./initseccomp"))
			cmd.Stdin = bytes.NewReader(document)
			out, err := cmd.Output()
			if err != nil {
				return r, fmt.Errorf("InitSeccomp, %v: %w", side, err)
			}
			d, err := time.ParseDuration(strings.TrimSpace(string(out)))
			if err != nil {
				return r, err
			}
			times[i] = append(times[i], d)
		}
	}
	for _, list := range times {
		slices.Sort(list)
	}
	if 2*times[1][0] > times[0][0] {
		return r, fmt.Errorf("InitSeccomp takes %v at least, with libseccomp %v: not half", times[1][0], times[0][0])
	}
	for _, list := range times {
		r.measured = append(r.measured, fmt.Sprintf("%.1f ms, %.1f ms", milliseconds(list[0]), milliseconds(list[len(list)/2])))
	}
	return r, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// dockerDefault is the profile as Docker hands it to runc.
func dockerDefault() ([]byte, error) {
	var caps []string
	for _, name := range strings.Fields("CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE") {
		caps = append(caps, "CAP_"+name)
	}
	profile, err := docker.GetDefaultProfile(&specs.Spec{Process: &specs.Process{Capabilities: &specs.LinuxCapabilities{Bounding: caps}}})
	if err != nil {
		return nil, err
	}
	return json.Marshal(profile)
}

// compareFeatures is a row for each value of runc's features that differs.
func compareFeatures(ctx context.Context, sides []*checkout) ([]row, error) {
	var said []map[string]string
	var paths []string
	for _, side := range sides {
		out, err := side.command(ctx, side.bin("."), "features").Output()
		if err != nil {
			return nil, fmt.Errorf("runc features, %v: %w", side, err)
		}
		var value any
		if err := json.Unmarshal(out, &value); err != nil {
			return nil, err
		}
		values := map[string]string{}
		flatten(values, "", value)
		for path := range values {
			paths = append(paths, path)
		}
		said = append(said, values)
	}
	slices.Sort(paths)
	var rows []row
	for _, path := range slices.Compact(paths) {
		if said[0][path] != said[1][path] {
			rows = append(rows, row{what: "features: " + path, measured: []string{said[0][path], said[1][path]}})
		}
	}
	return rows, nil
}

// flatten gives each value of a document its path. What a list has, it has as a
// set, so that an insertion is one difference.
func flatten(into map[string]string, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			flatten(into, path+"/"+key, inner)
		}
	case []any:
		for i, inner := range v {
			key := strconv.Itoa(i)
			if text, ok := inner.(string); ok {
				key, inner = text, "yes"
			}
			flatten(into, path+"/"+key, inner)
		}
	default:
		into[path] = fmt.Sprint(v)
	}
}
