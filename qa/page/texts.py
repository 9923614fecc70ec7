"""Every word of the page that is not the archive's or the reader's."""

TITLE = "Onrecord"
MOTTO = "The archive answers in its own words, or says that it can’t."
QUESTION = "Question"
ASK = "Ask"
CONVERSATION = "Answer"
QUOTE = "In its article: quote"
EARLIER = "Earlier questions"
SOURCES = "In the article"
NO_SOURCES = "Each quote is shown here where it stands in its article."
NOTHING_QUOTED = "Nothing was quoted."
ABSTAINED = "The archive doesn’t say"
NEAR = "Not an answer, but near"
SAMPLE = "sample brief"

# Of the sample archive: three it answers and one it doesn't.
EXAMPLES = (
    "Who was detained in Oral?",
    "When was the DVK banned as extremist?",
    "Why were the OSDP leaders jailed?",
    "Who is the president of France?",
)


def confidence_line(confidence: float, threshold: float) -> str:
    """The confidence in a word, with the number it stands for, cut to two decimals."""
    number = f"{int(confidence * 100) / 100:.2f}"
    if confidence < threshold:
        return f"Confidence: too low ({number})"
    word = "low" if confidence < 0.5 else "fair" if confidence < 0.8 else "high"
    return f"Confidence: {word} ({number})"
