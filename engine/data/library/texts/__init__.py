"""A folder or zip of texts with a folder for each class."""
