"""A small language for formulas over `keras.ops`: parsed, checked, and computed by walking the tree. No text runs."""
