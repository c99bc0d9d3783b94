// SPDX-License-Identifier: Apache-2.0

// Package spo reads and writes profiles of the Kubernetes Security Profiles Operator: objects
// of kind SeccompProfile, as YAML or JSON.
//
//	apiVersion: security-profiles-operator.x-k8s.io/v1
//	kind: SeccompProfile
//	metadata:
//	  name: web
//	spec:
//	  defaultAction: SCMP_ACT_ERRNO
//	  baseProfileName: runc
//	  syscalls:
//	  - action: SCMP_ACT_ALLOW
//	    names: [read, write]
//
// The operator writes an object's spec as an oci document for the container runtime of every
// node, so it means there what the oci dialect of package profile means. Before that the API
// server checks it against a schema, and the operator unites it with the profile that
// baseProfileName names. Both are done here; what is lost on the way is a diagnostic (Codes).
//
//	p, err := spo.Parse(text, profile.File("profile.yaml"))
//	policy, diagnostics, err := p.Resolve(target)
//
// The facts are those of the operator's API v1 and v1beta1
// (kubernetes-sigs/security-profiles-operator, api/seccompprofile and
// internal/pkg/daemon/seccompprofile).
//
// Unite takes a base profile from elsewhere. Package profile/dialect reads, writes and
// converts this dialect beside all others. The next stage is package seccomp, which compiles
// the policy.
//
// What is not done: bases that are OCI artifacts are not fetched (Unite takes a function that
// does), and objects of other kinds, such as recordings, are not looked at. What the dialect is
// bad at: it has no conditions on the machine, no default errno but EPERM, no errno 0, and fewer
// architectures than OCI; values end at 2^63-1.
package spo
