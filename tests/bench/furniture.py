"""How well furniture is found: precision and recall by line, on articles of realtimeqa-2022 labelled by hand.

`python tests/bench/furniture.py`. The labels, beside this file, are numbers of paragraphs: those of `first`
(100 articles) were looked at while the rules were written, those of `second` (40) only once, near the end.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from corpus.article import Article  # noqa: E402
from corpus.furniture import find_furniture  # noqa: E402
from corpus.learned import learn  # noqa: E402
from corpus.reading import read_paths  # noqa: E402
from corpus.sentences import paragraphs  # noqa: E402

CORPUS = ROOT.parent / "shared" / "data" / "dev" / "realtimeqa-2022" / "corpus.jsonl"


def main() -> None:
    """Prints a line for each sample."""
    articles = [found for found in read_paths([CORPUS]) if isinstance(found, Article)]
    by_source = defaultdict(list)
    for article in articles:
        by_source[article.source].append(article)
    forms = {source: learn(held) for source, held in by_source.items()}
    by_id = {article.id: article for article in articles}
    for name, labels in json.loads((ROOT / "tests" / "bench" / "furniture-labels.json").read_text()).items():
        right = marked = labelled = 0
        for id, expected in labels.items():
            article = by_id[id]
            marks = find_furniture(article, forms[article.source])
            found = {
                number
                for number, span in enumerate(paragraphs(article.text))
                if any(mark.span.overlaps(span) for mark in marks)
            }
            right, marked, labelled = (
                right + len(found & set(expected)),
                marked + len(found),
                labelled + len(expected),
            )
        print(
            f"{name}: {len(labels)} articles, precision {right / marked:.3f}, recall {right / labelled:.3f}, "
            f"{marked} marked, {labelled} labelled"
        )


if __name__ == "__main__":
    main()
