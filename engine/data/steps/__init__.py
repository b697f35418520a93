"""Functions applied to arrays of a data set once, before training."""
