"""What tests of Milvus ask of an archive that it searches."""

from conforming import place, rankings

from qa import Archive, Retriever
from qa.doctor import diagnose


def hits(archive, question="Who cut the ribbon in the harbour of Vell?", **named):
    return [place(hit) for hit in Retriever(archive).search(question, 10, **named)]


def collection_of(archive):
    with archive.reading() as connection:
        return archive.milvus.collection(connection)


def embedded(folder):
    with Archive.open(folder) as archive:
        return rankings(archive, k=20), hits(archive)


def all_is_well(archive, folder):
    """The doctor finds nothing, and what is found is what the embedded index finds."""
    wrong = [check for check in diagnose(archive).checks if not check.ok]
    assert wrong == []
    found, (wanted, _) = rankings(archive, k=20), embedded(folder)
    assert [[hit[:3] for hit in ranked] for ranked in found] == [
        [hit[:3] for hit in ranked] for ranked in wanted
    ]
