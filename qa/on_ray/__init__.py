"""Encoding on Ray: the same vectors as in one process, made by workers on several cores or machines."""
