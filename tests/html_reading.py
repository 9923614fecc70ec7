"""HTML as a browser would take it, for tests."""

from html.parser import HTMLParser

HOSTILE = "<script>alert(1)</script> <img src=x onerror=\"alert(2)\"> **bold** [a](javascript:b) \u202e ${c} {{d}} & 'e'"


class Reading(HTMLParser):
    """Tags, attributes and texts of HTML, as a browser would take them; texts inside marks apart."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.marks, self.text, self._open = [], [], [], "", False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag == "mark":
            self.marks.append("")
            self._open = True

    def handle_endtag(self, tag):
        if tag == "mark":
            self._open = False

    def handle_data(self, data):
        self.text += data
        if self._open:
            self.marks[-1] += data
