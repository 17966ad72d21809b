"""Languages read by tree-sitter grammars, each an optional package of its own."""
