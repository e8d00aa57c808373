"""Claims and the words between them → one rule, where it is clear how they belong together."""
