"""What the measures are called, in plain words, for whoever reads a table of them."""

GROUPS = {
    "retrieval": "retrieval: which articles, each by its best passage",
    "reranked": "reranked: the same, those that are read in the reader's order",
    "passages": "passages: which ones; right is what overlaps the gold words",
    "answers": "answers: the quotes shown, before any abstention",
}
MEASURES = {
    "nDCG@10": "the right articles stand near the top",
    "RR@10": "1 over the rank of the first right one",
    "R@10": "share of the right articles in the first 10",
    "R@100": "share of the right articles in the first 100",
    "AP@100": "precision, averaged over the right articles",
    "Success@1": "the first one is right",
    "Success@5": "one of the first 5 is right",
    "sentence@1": "the first quote answers",
    "sentence@3": "one of the first 3 quotes answers",
    "EM": "the short answer is exactly a known one",
    "F1": "words the short answer shares with a known one",
    "figures": "what is said of figures is as the question expects",
}
CONFIDENCE = "confidence: knowing when not to answer"
ABSTENTION = {
    "auroc": ("AUROC", "an answerable question gets the higher confidence"),
    "recall": ("caught", "of the unanswerable, abstained from (recall)"),
    "precision": ("rightly", "of those abstained from, unanswerable (precision)"),
    "answerable_lost": ("lost", "of the answerable, abstained from"),
    "risk_coverage_area": ("risk area", "wrong first quotes, over all coverages; low is good"),
    "calibration_error": ("off by", "confidence less share right, 15 bins; low is good"),
    "brier_skill": ("Brier skill", "1 is perfect, 0 as good as one fixed confidence"),
}
