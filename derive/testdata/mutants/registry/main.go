// SPDX-License-Identifier: Apache-2.0

// Registry opens a driver of database/sql, which a dependency registered.
package main

import (
	"database/sql"

	_ "example.com/mutants/dep/registered"
)

func main() {
	db, _ := sql.Open("rare", "")
	_ = db.Ping()
}
