"""Everything that runs outside the server process: the compiler, the workers, and the events they report."""
