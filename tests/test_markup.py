import pytest

from corpus.formats.markup import text_of_fragment


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("The ferry sails.", "The ferry sails."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>The <b>new</b>\n ferry</p>", "The new ferry"),
        ("One.<br>Two.", "One.\n\nTwo."),
        ("<p>One<!-- two --> three</p>", "One three"),
        ("<p>One<script>two()</script> three</p>", "One three"),
        ('<p>One</p><div style="display:none">two</div><p hidden>two</p>', "One"),
        ("Vell &amp; Sorn &lt;b&gt;", "Vell & Sorn <b>"),
        ("<p>a\x00b\x0bc</p>", "abc"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"),
        ("<p>One</p> tail <p>Two</p>", "One\n\ntail\n\nTwo"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_blocks_stand_on_lines_of_their_own(markup, text):
    assert text_of_fragment(markup) == text


def test_what_is_nested_deeply_costs_no_stack():
    assert text_of_fragment("<div>" * 50_000 + "deep") is not None
