"""An archive's truth in PostgreSQL, by psycopg; imported only where an address asks for it."""
