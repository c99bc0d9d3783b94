// SPDX-License-Identifier: Apache-2.0

// Package registered is a driver of database/sql.
package registered

import (
	"database/sql"
	"database/sql/driver"
	"errors"

	"example.com/mutants/rare"
)

type opener struct{}

func (opener) Open(string) (driver.Conn, error) {
	rare.Call()
	return nil, errors.New("no database")
}

func init() { sql.Register("rare", opener{}) }
