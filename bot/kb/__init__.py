"""The knowledge base: its schema, reading it from files, checking it, watching it for changes."""
