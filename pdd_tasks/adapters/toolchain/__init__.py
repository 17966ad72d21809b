"""Programs and tests run by commands of ``languages.yaml``, and their reports read."""
