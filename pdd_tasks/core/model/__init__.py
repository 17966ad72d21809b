"""The nouns: artifact, unit, step, trace, language, settings, ledger."""
