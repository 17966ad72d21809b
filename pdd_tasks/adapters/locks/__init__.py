"""Locks of units: who holds one, who takes it over, and what an evicted one may do."""
