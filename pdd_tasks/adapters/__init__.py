"""The world: each module fits one port of `pdd_tasks.engine.ports` by shape."""
