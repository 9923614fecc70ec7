"""Dates that a text or a question mentions, as days."""
