// SPDX-License-Identifier: Apache-2.0

// Database fills an SQLite file and asks it: database FILE.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"

	_ "modernc.org/sqlite"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(file string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		"PRAGMA journal_mode = wal",
		"CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT)",
		"CREATE INDEX word_text ON word (text)",
	} {
		if _, err := db.Exec(statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	t, err := db.Begin()
	if err != nil {
		return err
	}
	for i := range 500 {
		if _, err := t.Exec("INSERT INTO word (text) VALUES (?)", fmt.Sprint("word ", i*i)); err != nil {
			return err
		}
	}
	if err := t.Commit(); err != nil {
		return err
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM word WHERE text LIKE '%4'").Scan(&n); err != nil {
		return err
	}
	fmt.Println(n, "words")
	if _, err := db.Exec("VACUUM"); err != nil {
		return err
	}
	return db.Close()
}
