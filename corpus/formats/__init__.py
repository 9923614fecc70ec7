"""Readers of files whose text has to be extracted, run in a process of their own by `corpus.extraction`."""
