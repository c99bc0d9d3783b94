// Programs that each make one rare call by another way: expect.tsv says what deriving must find.
module example.com/mutants

go 1.25.0
