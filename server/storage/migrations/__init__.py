"""The database's migrations. They ship with the package and are applied at start."""

HEAD = "0006"
"""The newest migration. Kept here so that an up-to-date database costs no import of Alembic; a test compares them."""
