"""Names: one name's spellings, and the short and long forms that the archive itself defines."""
