"""Programs between ``languages.yaml`` and a tool chain, each run by its path.

They see a scratch copy of a project and the standard library, and nothing else.
"""
