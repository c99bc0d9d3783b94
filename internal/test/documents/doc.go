// SPDX-License-Identifier: Apache-2.0

// Package documents writes the documents of Docker's family that tests read.
package documents
