"""What every part needs and no part is about: files, compiled loops, YAML, types of arrays."""
