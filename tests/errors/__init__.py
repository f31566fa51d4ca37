"""Files with mistakes, and the exact words that they are answered with."""
