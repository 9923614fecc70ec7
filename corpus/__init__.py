"""What we read: articles, their furniture, sentences and passages."""
