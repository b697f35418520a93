"""The textbooks' first examples, from data set to result through the REST API: `make examples`."""
