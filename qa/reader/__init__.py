"""Reading: which passage answers, in which sentence, with which words."""
