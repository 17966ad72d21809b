"""Texts in, one result out."""
