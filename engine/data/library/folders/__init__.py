"""A folder or zip of files, with a folder for each class: listed and read without trust, whatever the files are."""
