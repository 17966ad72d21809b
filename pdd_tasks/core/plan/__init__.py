"""The decision: changes to facts, facts to a decision, decisions to a plan."""
