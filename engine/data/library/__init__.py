"""Data sets of people's own: files that are looked at, prepared once into arrays on disk, and mapped into memory."""
