"""What doit loads, and the wiring of adapters to the engine's ports."""
