"""Every word of the page that is not the archive's or the reader's."""

from qa.verify import ALTERED, CHANGED, REMOVED

TITLE = "Onrecord"
MOTTO = "The archive answers in its own words, or says that it can’t."
ASK_TAB = "Ask"
ARCHIVE_TAB = "Archive"

QUESTION = "Question"
ASK = "Ask"
CONVERSATION = "Answers"
START = "Put a question. Every word of an answer is quoted, and each quote opens in its article."
EXAMPLES_LABEL = "For example"
ABOUT = "What is said about {name}?"
LOOKING = "Looking in the archive…"
CLEAR = "Clear all"
CLEARED = "All questions and answers are cleared"
EDITING = "Change the question and ask; its answer takes the place of the old one"
FILTERS = "Sources and dates"
SOURCES = "Only these sources"
SINCE = "From"
UNTIL = "Until"
DATES_HINT = "2012, 2012-02 or 2012-02-25"

TAKEN_FOR = "What the question was taken to mean"
SEARCHED = "Searched:"
LEFT_OUT = "Left out:"
LEAVE_OUT = "Ask again without {spelling}"
TAKE_BACK = "Ask again with {spelling}"
AS_OF = "as of {date}"
OPEN_QUOTE = "Open quote {number} in its article"
SAME_AS = "The same short answer as [{number}]"
VOICES = {"direct": "direct speech", "reported": "reported speech"}
DIFFERENCES = {"figures differ": "Figures differ", "different occasions": "Different occasions"}
SEARCHED = "Searched:"
TAKEN_OVER = "Taken over from the question before"
DROP = "Leave out {words}"
FILTERS_BEFORE = "sources and dates as before"
DROP_FILTERS = "Leave out the sources and dates of the question before"
ABSTAINED = "The archive doesn’t say"
NEAR = "Not an answer, but near"
OPEN_NEAR = "Open in its article"
SAMPLE = "sample brief"
COPY, MARKDOWN, JSON, BIBTEX, LINK = "Copy", "Markdown", "JSON", "BibTeX", "Copy link"
RETRY, EDIT = "Ask again", "Edit"
TOOLS = "What to do with this answer"
COPIED = "Copied"
STALE = "Part of this answer no longer stands in the archive as it was quoted; ask again for one that does"

PANEL = "In the article"
NO_SOURCES = "Choose a quote’s number to see it where it stands in its article."
CLOSE = "Close"
CURRENT = "Quotes of this answer in this article"
ORIGINAL = "The original"
CITE = "Cite"
FOOTNOTE = "Footnote"
GONE = {
    CHANGED: "This article has changed since it was quoted.",
    REMOVED: "This article was removed from the archive.",
    ALTERED: "These words or facts are not as the archive has them.",
}
AS_QUOTED = "What was quoted then"

EMPTY_ARCHIVE = "This archive holds no articles yet."
HOW_TO_ADD = "Add some on the Archive tab, or on the command line:"
HOW_TO_ADD_READ_ONLY = "Add some on the command line:"
NOT_NOW = "The page can’t do this now; try again in a moment"

# Of the sample archive: three it answers and one it doesn't.
EXAMPLES = (
    "Who was detained in Oral?",
    "When was the DVK banned as extremist?",
    "Why were the OSDP leaders jailed?",
    "Who is the president of France?",
)


def reprints(count: int) -> str:
    """How many articles print the same words."""
    return f"and {counted(count, 'reprint')}"


def agreement(sources: int) -> str:
    """How many independent sources give the same."""
    return f"The same in {counted(sources, 'independent source')}"


def confidence_word(confidence: float, threshold: float) -> str:
    """The confidence in a word."""
    if confidence < threshold:
        return "too low"
    return "low" if confidence < 0.5 else "fair" if confidence < 0.8 else "high"


def two_decimals(share: float) -> str:
    """A share with two decimals, cut rather than rounded, so that none below a threshold reads as it."""
    return f"{int(share * 100) / 100:.2f}"


def undated(count: int) -> str:
    """How many articles a range of dates left out."""
    return f"{count} undated article{'' if count == 1 else 's'} left out"


# The archive tab.
SEARCH = "Search by title, source, date or id"
TITLE_HEAD, SOURCE_HEAD, DATE_HEAD = "Article", "Source", "Date"
NO_SOURCE, OTHER_SOURCES = "source unknown", "other sources"
COVERAGE_SUMMARY = "{count} dated articles from {first} to {last}, by source"
CHOOSE_ARTICLE = "Choose an article to read it."
UPLOAD = "Add files: text, web pages, PDF, DOCX, EPUB, feeds, tables, mail, ZIP"
ADDING = "Adding"
REMOVE = "Remove from the archive…"
REMOVE_WARNING = "It can no longer be found or quoted then, and answers that quoted it will say so."
REMOVE_NOW = "Remove it"
REMOVED_NOW = "The article was removed"
READ_ONLY = "This page can’t change the archive."


def counted(count: int, noun: str) -> str:
    """`1 article`, `1,234 articles`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def articles(count: int) -> str:
    """How many articles there are."""
    return counted(count, "article")


def without_date(count: int) -> str:
    """How many articles a plot over time leaves out."""
    return f"{counted(count, 'article')} without a date"


def matches(found: int, among: int, shown: int) -> str:
    """How many articles a search found, and how many of them are listed."""
    listed = f"; the newest {shown:,} are listed, search to see others" if shown < found else ""
    return f"{found:,} of {articles(among)}{listed}"


def became(what: str, count: int) -> str:
    """How many articles were added, replaced or unchanged."""
    return f"{articles(count)} {what}"


def made_way(count: int) -> str:
    """How many sample briefs left the archive."""
    return f"The {counted(count, 'sample brief')} made way for your own articles"


def failed(count: int) -> str:
    """How many files or lines could not be added."""
    return f"{count:,} could not be added:"


def adding(encoded: int) -> str:
    """How far adding is."""
    return f"{ADDING}: {counted(encoded, 'passage')} encoded…"


# The tab that measures.
EVALUATE_TAB = "Evaluate"
MEASURING = (
    "How well does this archive answer? A question set names, for each question, the words of the article "
    "that answer it, or says that none do; start from the template."
)
REPORT = "What was measured"
SET = "Question set"
SAMPLE_SET = "On the sample briefs"
BRING_SET = "Bring a question set: .jsonl"
MEASURE, TEMPLATE, SAVE_REPORT = "Measure", "Template", "Save the report"
NO_SET = "Choose a question set, or bring one"


def asking(done: int, of: int) -> str:
    """How far measuring is."""
    return f"{done:,} of {counted(of, 'question')} asked…" if of else "Reading the question set…"
