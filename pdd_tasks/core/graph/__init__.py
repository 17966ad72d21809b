"""Which unit needs which; the only home of networkx."""
