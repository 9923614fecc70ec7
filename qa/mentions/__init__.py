"""What the archive's text mentions: names, their definitions, dates. Derived from the database."""
