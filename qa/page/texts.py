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
FILTERS = "Filters"
SOURCES = "Only these sources"
SINCE = "From"
UNTIL = "Until"
DATES_HINT = "2012, 2012-02 or 2012-02-25"
BY = "From and until are"
BY_DATES = {"published": "days of publication", "event": "days that passages mention"}
SAID_BY = "Said by"
SAID_BY_HINT = "a person or body"
ON = "In use"
SWITCHES = {
    "variants": "other spellings of names",
    "dates": "dates in the question",
    "follow_ups": "the question before",
    "voices": "whose words a quote is",
    "reprints": "reprints as one source",
    "differences": "figures side by side",
}

ASKED_AS = "How it was asked"
SEARCHED = "Searched:"
TAKEN_OVER = "From the question before:"
WITHIN = "Within:"
WITHIN_AS_BEFORE = "Within, as before:"
SAID_BY_CHIP = "said by {name}"
NAME_AS = "{name}, also as:"
DATES_TAKEN = "Dates:"
LEFT_OUT = "Left out:"
LEAVE_OUT = "Ask again without {words}"
LEAVE_OUT_DATES = "Ask again without reading dates in the question"
TAKE_BACK = "Ask again with {words}"
AS_OF = "as of {date}"
OPEN_QUOTE = "Open quote {number} in its article"
SAME_AS = "The same short answer as [{number}]"
VOICES = {"direct": "direct speech", "reported": "reported speech"}
DIFFERENCES = {"figures differ": "Figures differ", "different occasions": "Different occasions"}
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


def bound(which: str, day: str, *, event: bool) -> str:
    """A bound of the dates, `which` being since or until; of those that passages mention if `event`."""
    words = SINCE if which == "since" else UNTIL
    return f"mentions days {words.lower()} {day}" if event else f"{words} {day}"


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
    "that answer it, or says that none do; start from the template. A set that brings articles of its own "
    "is asked of those."
)
REPORT = "What was measured"
SET = "Question set"
SAMPLE_SET = "On the sample briefs"
SETS_IN_ZIP = "a BEIR folder, TREC topics with their qrels, or one file of questions"
SET_FORMS = f"a .jsonl file as the template has it, a SQuAD .json, or a .zip of {SETS_IN_ZIP}"
BRING_SET = "Bring a question set: .jsonl, SQuAD .json, or a .zip of a BEIR folder or TREC files"
MEASURE, TEMPLATE, SAVE_REPORT = "Measure", "Template", "Save the report"
READING_SET = "Reading the question set…"
NO_SET = "Choose a question set, or bring one"


def asking(done: int, of: int, encoded: int) -> str:
    """How far measuring is; `of` is 0 while passages of the set's own articles are encoded."""
    if of:
        return f"{done:,} of {counted(of, 'question')} asked…"
    return f"The set’s articles: {counted(encoded, 'passage')} encoded…" if encoded else READING_SET
