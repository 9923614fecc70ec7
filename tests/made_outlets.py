"""Pages in the manner of five invented outlets: what each repeats around and between its articles' own lines."""

from dataclasses import dataclass

from corpus.article import Article, Facts, Origin


@dataclass(frozen=True)
class Outlet:
    """The pages of an outlet: lines around and between an article's own, page's and its own apart."""

    name: str
    before: tuple[str, ...]
    between: tuple[str, ...]
    after: tuple[str, ...]
    own: tuple[str, ...] = ()  # what its articles repeat, and is theirs


OUTLETS = (
    Outlet(
        "The Vell Courier",
        before=("Follow every match: live scores of the county league",),
        between=("Get the Courier in your inbox: sign up for The Morning Tide here",),
        after=(
            "The Courier is not responsible for the content of external sites.",
            "Follow us on Facebook and Telegram to be the first to know.",
            "This article may contain links from which we can earn a commission.",
        ),
        own=("What happens next?", "The ferry carries four hundred people a day."),
    ),
    Outlet(
        "ostra-post.example",
        before=("OSTRA-POST —", "We use cookies to improve your visit. You can change your preferences."),
        between=("Video player was slow to load",),
        after=(
            "Have a tip? Contact the editor at desk@ostra-post.example.",
            "The opinions expressed here are the author's own.",
            "– Ana Reyes, Ostra Post",
        ),
        own=("Today's weather", "Ostra", "“No comment,” the mayor said."),
    ),
    Outlet(
        "Sorn Today",
        before=("Watch: the day in two minutes",),
        between=("Read more from our podcasts team",),
        after=(
            "Sorn Today is made possible in part by a grant from the Holm Foundation.",
            "Copyright belongs to Sorn Today; nothing may be republished without its consent.",
            "Download our app for the tides of your harbour.",
        ),
        own=("Results", "North", "South", "The court did not say why."),
    ),
    Outlet(
        "Radio Ostra",
        before=("Listen to the programme in full",),
        between=("You can unsubscribe at any time, see our privacy notice.",),
        after=("From staff and wire reports", "Share this with your friends"),
        own=("LIND", "So what did you do?", "The sea was calm."),
    ),
    Outlet(
        "Вести Велла",
        before=("Читайте нас в Telegram",),
        between=("Подпишитесь на нашу рассылку, чтобы не пропустить главное.",),
        after=("Все права защищены.",),
        own=("Что дальше?", "Море было спокойно."),
    ),
)


def page(outlet, number):
    """An article of the outlet, and which of its lines are the page's."""
    story = (
        f"Number {number} of the piers of Vell was opened on Monday, the harbour office of the town said.",
        f"It cost {number} million crowns, of which the county of Ostra pays two thirds this year.",
        f"Lorry number {number} was the first to cross it, with its owner Per Lund at the wheel.",
    )
    lines = [*outlet.before, story[0], *outlet.between, story[1], *outlet.own, story[2], *outlet.after]
    pages = {*outlet.before, *outlet.between, *outlet.after}
    facts = Facts(title=f"Pier {number}", source=outlet.name)
    origin = Origin(f"/{number}")
    return Article.from_facts(facts, id=str(number), text="\n\n".join(lines), origin=origin), pages
