"""What the server remembers: the database and one store per noun."""
