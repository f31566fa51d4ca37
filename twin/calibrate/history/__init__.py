"""Reading a history: the reading file, tables in any of four forms, words, wall clocks; intervals come out."""
