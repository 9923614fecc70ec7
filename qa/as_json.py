"""How everything is printed as JSON."""

import json


def as_json(document: object) -> str:
    """A JSON document, readable, the same for the same content."""
    return json.dumps(document, ensure_ascii=False, indent=2)
