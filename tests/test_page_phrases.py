"""The wording of pages in the languages that the made outlets do not write; every line is invented."""

import pytest

from corpus.article import Article, Facts, Origin
from corpus.furniture import find_furniture
from corpus.learned import ARTICLES, learn
from corpus.page_phrases import speaks_as_page

PAGES = {
    "uk": (
        "Підписатися на ранкові новини порту",
        "Підпишіться на наш канал, щоб знати про припливи",
        "Підписуйтесь на «Вісті Велла»",
        "Підписка на газету",
        "Наша розсилка виходить щопонеділка.",
        "Читайте також: новий причал відкрили",
        "Реклама",
        "Усі права захищено.",
        "Всі права захищено.",
    ),
    "kk": (
        "Арнамызға жазылыңыз",
        "Арнаға жазылып, жаңалықты бірінші біліңіз",
        "Газетке жазылым",
        "Оқи отырыңыз: жаңа айлақ ашылды",
        "Жарнама",
        "Барлық құқықтар қорғалған.",
        "Барлық құқықтары сақталған",
    ),
    "de": (
        "Abonnieren Sie den Veller Morgenbrief",
        "Jetzt anmelden",
        "Zur Anmeldung",
        "Lesen Sie auch: Der neue Kai",
        "Lesen Sie hier, wann die Fähre geht",
        "Folgen Sie uns auf allen Kanälen",
        "Datenschutz",
        "Alle Rechte vorbehalten.",
        "Die Einwilligung können Sie jederzeit widerrufen.",
        "Anzeige",
    ),
    "fr": (
        "Abonnez-vous à la lettre du soir",
        "S’abonner",
        "Inscrivez-vous pour les marées du matin",
        "Inscription gratuite",
        "Lire aussi : le nouveau quai de Vell",
        "Lire la suite",
        "Suivez-nous partout",
        "Tous droits réservés.",
        "Règles de confidentialité",
        "Publicité",
    ),
    "es": (
        "Suscríbete a las mareas de la mañana",
        "Suscripción anual",
        "Inscríbase aquí",
        "Síguenos en todas partes",
        "Síganos",
        "Lea también: el muelle nuevo de Vell",
        "Leer más",
        "Todos los derechos reservados.",
        "Aviso de privacidad",
        "El boletín de la tarde",
        "Publicidad",
    ),
}
# Statements that hold a word of a page, or report one.
ARTICLES_OWN = {
    "ru": ("С него взяли подписку о невыезде.", "Лоцман остаётся под подпиской о невыезде."),
    "uk": (
        "Лист підписали сорок рибалок порту.",
        "Усі прапори на пристані приспущено.",
        "Суд узяв з лоцмана підписку про невиїзд.",
        "Мер повідомив, що реклама на пристані зникне.",
    ),
    "kk": (
        "Хат қазақ тілінде жазылған.",
        "Порт адам құқықтары жөніндегі бюроға хат жіберді.",
        "Балықшылардың құқықтары ескі заңда тұр.",
        "Әкім жарнама азаяды деп хабарлады.",
    ),
    "de": (
        "Die Anzeige gegen den Lotsen wurde fallen gelassen.",
        "Die Rechte der Fischer sind alt.",
        "Die Fischer lesen sich den Vertrag vor.",
        "Der Hafenmeister sagte, die Anmeldung der Boote sei Pflicht.",
    ),
    "fr": (
        "La publicité du port a coûté deux mille couronnes.",
        "Les abonnés du bac paient moins.",
        "Les droits des pêcheurs sont anciens.",
        "Selon la mairie, les inscriptions sont closes.",
    ),
    "es": (
        "La publicidad del puerto costó dos mil coronas.",
        "Los derechos de los pescadores son antiguos.",
        "Los barcos siguen en el muelle.",
        "El alcalde dijo que el boletín del puerto se cierra.",
    ),
}


@pytest.mark.parametrize("line", [line for lines in PAGES.values() for line in lines])
def test_a_pages_wording_is_known_in_small_letters_and_in_capitals(line):
    assert speaks_as_page(line)
    assert speaks_as_page(line.upper())


@pytest.mark.parametrize("line", [line for lines in ARTICLES_OWN.values() for line in lines])
def test_a_statement_does_not_speak_as_a_page(line):
    assert not speaks_as_page(line)


@pytest.mark.parametrize("language", sorted(PAGES))
def test_of_lines_that_an_outlet_repeats_only_the_pages_are_marked(language):
    repeated = [*PAGES[language], *ARTICLES_OWN[language]]
    stories = [f"Vell {number}: 12 × {number} = {12 * number}." for number in range(ARTICLES)]
    articles = [
        Article.from_facts(
            Facts(source="Vell", language=language),
            id=str(number),
            text="\n\n".join([story, *repeated, story]),
            origin=Origin(f"/{number}"),
        )
        for number, story in enumerate(stories)
    ]
    forms = learn(articles)
    for article in articles:
        marked = {mark.span.of(article.text) for mark in find_furniture(article, forms)}
        assert marked == set(PAGES[language])
