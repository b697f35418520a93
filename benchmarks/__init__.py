"""Measures the budgets of docs/architecture.md on real processes. Run it with `make bench`."""
