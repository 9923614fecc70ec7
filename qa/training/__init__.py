"""How the reader is trained: from questions with answers, by `python -m qa.training`.

Not needed to ask an archive. What it needs beyond requirements.txt is in requirements-dev.txt.
"""
