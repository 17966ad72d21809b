"""Pure values and decisions: no file, clock, process or model is touched here."""
