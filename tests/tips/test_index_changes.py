"""An index that was changed, tip by tip, says the same as one that was made of those tips at once."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from adapters.search import segment
from adapters.search.index import Draft, Index
from adapters.search.segment import Document
from tests.tips.conftest import city_tips

TIPS = [tip for tip in city_tips().tips if tip.language == "nl"]
SYNONYMS = [group.words for group in city_tips().synonyms if group.language == "nl"]
# Words that other words are made of, in the shapes that the stemmer takes apart: doubled vowels, `ge`, v and z.
WORDS = """brief brieven post bus postbus brievenbus aanmaak aanmaken opnemen opgenomen opname naam geven gegeven gave
    laadpaal laden paal boot zee zeeboot bootreis reis huis huizen huisbrief vergader vergaderzaal zalen zaal"""
PARTS = WORDS.split()


def document(random_: random.Random, number: int) -> Document:
    """A tip of the city with some of its words lost, or one of words that are parts of each other."""
    if random_.random() < 0.5:
        words = random_.choices(PARTS, k=random_.randint(1, 8))
        return Document(f"tip-{number:02}", " ".join(words[:3]), [" ".join(words[3:])], " ".join(words[::-1]))
    tip = random_.choice(TIPS)
    keep = random_.randint(1, len(tip.alternates))
    return Document(f"tip-{number:02}", tip.title, tip.alternates[:keep], tip.text[: random_.randint(0, 400)])


def vocabulary(index: Index) -> dict[str, tuple[object, ...]]:
    """By word everything that is known of it, without the numbers."""
    words = index.words

    def names(numbers: Sequence[int]) -> list[str]:
        return sorted(words.names[number] for number in numbers)

    found: dict[str, tuple[object, ...]] = {}
    for word, number in words.numbers.items():
        stem = words.analyzer.stem(word)
        of_stem = words.number_of_stem(stem)
        weights = [float(array[number]) for array in (words.rarity, words.telling, words.sizes)]
        found[word] = (
            stem in words.analyzer.stems,
            names(words.families[of_stem]),
            names(words.compounds[of_stem]),
            [round(weight, 5) for weight in weights],
            words.analyzer.spelling.nearest(f"{word}x"),
        )
    return found


def answers(index: Index, question: str) -> list[tuple[float, str]]:
    matches, _ = index.search(question, 5)
    return sorted((-round(match.score, 4), match.id) for match in matches)


@pytest.mark.parametrize("seed", range(6))
def test_a_changed_index_says_what_a_new_one_would(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.search.index.MOST", 8)  # so that there are several segments
    random_ = random.Random(seed)  # noqa: S311
    tips: dict[str, Document] = {}
    index = Index.empty("nl", SYNONYMS)
    for _ in range(12):
        changed = {f"tip-{number:02}": document(random_, number) for number in random_.sample(range(30), 4)}
        gone = random_.sample(sorted(tips), min(len(tips), 2))
        index = index.changed(changed.values(), {*gone, *changed})
        tips = {name: tip for name, tip in tips.items() if name not in gone} | changed
        assert sorted(label.id for label in index.labels()) == sorted(tips)
    anew = Index.of([tips[name] for name in sorted(tips)], "nl", SYNONYMS)
    assert vocabulary(index) == vocabulary(anew)
    asked = [tip.title for tip in tips.values()] + random_.sample([tip.title for tip in TIPS], 20) + PARTS
    for question in asked:
        mine, other = answers(index, question), answers(anew, question)
        assert [score for score, _ in mine] == pytest.approx([score for score, _ in other], abs=2e-4)
        # Of equals at the edge of the list either may be in it.
        edge = mine[-1][0] if mine else 0.0
        assert [one for one in mine if one[0] < edge - 2e-4] == [one for one in other if one[0] < edge - 2e-4]


def test_what_did_not_change_is_shared() -> None:
    index = Index.of(
        [Document("een", "printer instellen", (), ""), Document("twee", "laptop instellen", (), "")]
    )
    again = index.changed([Document("twee", "laptop instellen", ("laptop",), "")], {"twee"})
    assert again.words.vocabulary is index.words.vocabulary
    assert again.words.analyzer is index.words.analyzer
    assert index.search("laptop", 1)[0][0].phrase == "laptop instellen"
    assert again.search("laptop", 1)[0][0].phrase == "laptop"


def test_the_last_tip_may_go_and_another_come() -> None:
    index = Index.of([Document("een", "printer", (), "")]).changed([], {"een"})
    assert len(index) == 0
    assert index.search("printer", 3)[0] == []
    assert index.changed([Document("twee", "printer", (), "")]).search("printer", 3)[0][0].id == "twee"


def test_a_full_segment_is_left_alone_when_tips_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.search.index.MOST", 4)
    index = Index.of([Document(f"tip-{n}", f"woord{n} printer", (), "") for n in range(10)])
    assert list(map(len, index.segments)) == [4, 4, 2]
    more = index.changed([Document("nieuw", "kaketoe", (), "")])
    assert [one is other for one, other in zip(index.segments, more.segments, strict=True)] == [
        True,
        True,
        False,
    ]
    assert segment.MOST <= 65536  # a place in a segment is two bytes


def test_a_word_that_came_and_went_before_the_change_was_done_is_no_part_of_another() -> None:
    index = Index.of([Document("veld", "Het veld", [], "")])
    draft = Draft(index)
    draft.add(Document("bloem", "Een zonnebloem", [], ""))
    draft.leave_out({"bloem"})
    assert vocabulary(draft.done()) == vocabulary(index)
    draft = Draft(index)
    draft.add(Document("bloem", "Een zonnebloem", [], ""))
    draft.leave_out({"bloem"})
    other = Document("bloem", "Een zonnebloemveld", [], "")
    draft.add(other)
    assert vocabulary(draft.done()) == vocabulary(index.changed([other]))
