"""What CI systems read of ``doit pending``: each form in a module of its own."""
