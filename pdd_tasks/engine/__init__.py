"""Performs decisions through ports; knows no file system, clock or process."""
