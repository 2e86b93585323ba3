from __future__ import annotations

import pytest

from adapters.search.analyzer import Synonyms, fold, words_of
from adapters.search.languages import language, spoken_in
from adapters.search.meanings import JOINED, PARAPHRASE, PART, REPAIRED, SYNONYM, lexicon, paraphrases
from adapters.search.question import Question
from adapters.search.spelling import Spelling, distance
from tests.tips.conftest import city_index

DUTCH = language("nl")
analyzer = city_index().words.analyzer
stem = DUTCH.stem


def read(typed: str) -> Question:
    question = city_index().reader.read(typed, "nl")
    assert question is not None
    return question


def meanings(typed: str) -> dict[str, float]:
    """By stem, how well the best of the words that were typed fits it."""
    names = city_index().words.names
    found: dict[str, float] = {}
    for meaning in read(typed).meanings:
        for number, fit in zip(meaning.words.tolist(), meaning.fits.tolist(), strict=True):
            found[stem(names[number])] = max(found.get(stem(names[number]), 0.0), round(fit, 4))
    return found


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Één café", "een cafe"), ("foto's", "fotos"), ("foto’s", "fotos"), ("ŒUVRE", "oeuvre"), ("", "")],
)
def test_accents_capitals_and_apostrophes_make_no_difference(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_are_letters_and_digits_of_any_alphabet() -> None:
    assert words_of("Wat-is_dit? (2FA) <b>vet</b> 😀 привет", DUTCH) == [
        "wat", "is", "dit", "2fa", "b", "vet", "b", "привет",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "together",
    [
        "deel delen deelt deelde gedeeld",
        "chat chats chatten",
        "site sites",
        "kanaal kanalen",
        "bestand bestanden bestandje",
        "document documenten",
        "synchroniseren synchroniseert gesynchroniseerd",
        "vergadering vergaderingen vergaderen vergadert",
        "computer computers",
        "ruimte ruimtes",
        "adres adressen",
        "doorsturen doorgestuurd doorstuurt",
        "gebruik gebruiken gebruikt",
        "verwijderen verwijderd verwijdert",
        "mail mails mailen gemaild mailtje",
        "naam namen",
        "telefoon telefoons",
        "kaart kaarten kaartje",
    ],
)
def test_forms_of_a_word_have_one_stem(together: str) -> None:
    assert len({stem(word) for word in together.split()}) == 1


@pytest.mark.parametrize("apart", ["mail map", "delen dagen", "chat gast", "team taak", "lid leiding"])
def test_different_words_keep_different_stems(apart: str) -> None:
    one, other = apart.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("teamvergadering", ("team", "vergadering")),
        ("documentnaam", ("document", "naam")),
        ("opnameknop", ("opname", "knop")),
        ("mailadressen", ("mail", "adres")),
        ("vergaderingslink", ("vergadering", "link")),
        ("bestanden", ()),
        ("kanaal", ()),
    ],
)
def test_a_compound_of_known_words_is_taken_apart(compound: str, parts: tuple[str, ...]) -> None:
    assert analyzer.parts(compound) == tuple(stem(part) for part in parts)


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("hoe maak ik een kanaal aan", "aanmaken"),
        ("ik voeg iemand toe", "toevoegen"),
        ("hoe zet ik dat uit", "uitzetten"),
        ("kan je een mail door te sturen", "doorsturen"),
    ],
)
def test_the_parts_of_a_separable_verb_find_each_other(typed: str, verb: str) -> None:
    assert meanings(typed)[stem(verb)] == pytest.approx(JOINED)


def test_a_verb_that_no_tip_knows_is_not_made_up() -> None:
    assert "afzing" not in [together for *_, together in analyzer.joined(words_of("zing het lied af", DUTCH))]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("docment", "document"),
        ("documnet", "document"),
        ("documment", "document"),
        ("dokument", "document"),
        ("vergaderign", "vergadering"),
        ("sharepiont", "sharepoint"),
        ("wachtwoort", "wachtwoord"),
    ],
)
def test_a_slip_of_the_fingers_is_repaired(typed: str, meant: str) -> None:
    assert analyzer.repair(typed) == meant
    assert meanings(typed)[stem(meant)] >= REPAIRED


def test_a_word_of_the_tips_is_never_repaired() -> None:
    assert [analyzer.repair(word) for word in ("mail", "map", "delen")] == ["mail", "map", "delen"]


def test_a_word_that_no_tip_has_counts_as_unknown() -> None:
    assert read("zwembad kaketoe document").unknown == 2


def test_a_question_of_stop_words_alone_asks_nothing() -> None:
    assert city_index().reader.read("hoe kan dat", "nl") is None
    assert city_index().reader.read("hoe kan ik dat delen", "nl") is not None


def test_a_synonym_counts_less_than_the_word_itself() -> None:
    found = meanings("gsm")
    assert (found[stem("gsm")], found[stem("telefoon")]) == (1.0, SYNONYM)


def test_a_word_finds_the_compounds_it_is_in_and_a_compound_its_parts() -> None:
    assert meanings("vergadering")[stem("vergaderzaal")] < 1.0
    assert meanings("teamvergadering")[stem("vergadering")] >= PART


def test_a_phrase_is_read_as_its_synonym() -> None:
    same = Synonyms([["email", "courrier électronique"]], language("fr"))
    assert same.read(["mon", "courrier", "electronique"]) == ["mon", "courrier", "electronique", "email"]
    assert same.read(["mon", "courrier"]) == ["mon", "courrier"]


def test_an_apostrophe_parts_words_in_french_only() -> None:
    assert words_of("L’équipe d'Anna", language("fr")) == ["l", "equipe", "d", "anna"]
    assert words_of("foto's", DUTCH) == ["fotos"]


@pytest.mark.parametrize(
    ("text", "usually", "spoken"),
    [
        ("hoe deel ik een document?", "fr", "nl"),
        ("how do I share a document?", "nl", "en"),
        ("comment est-ce que je partage un document ?", "nl", "fr"),
        ("draaitabel", "fr", "fr"),
        ("", "en", "en"),
    ],
)
def test_small_words_tell_the_language(text: str, usually: str, spoken: str) -> None:
    assert spoken_in(text, usually) == spoken


def test_a_lexicon_reads_both_ways() -> None:
    assert lexicon("en", "nl")["access"]["toegang"] == lexicon("nl", "en")["toegang"]["access"] > 0.5
    assert lexicon("en", "fr") == {}


def test_words_with_the_same_translation_paraphrase_each_other_and_so_does_their_english() -> None:
    assert "bekijken" in paraphrases("nl")["weergeven"]
    assert "delete" in paraphrases("nl")["verwijderen"]
    assert "verwijderen" not in paraphrases("nl")["verwijderen"]
    assert paraphrases("de") == {}


def test_a_paraphrase_never_counts_more_than_a_synonym() -> None:
    assert max(chance for alike in paraphrases("nl").values() for chance in alike.values()) <= 1
    assert PARAPHRASE < SYNONYM


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "abd", 1),
        ("abc", "", 3),
        ("ca", "abc", 3),
    ],
)
def test_mistakes_are_counted(one: str, other: str, mistakes: int) -> None:
    assert distance(one, other) == distance(other, one) == mistakes


def test_the_more_usual_word_wins_among_equals() -> None:
    assert Spelling.of({"mappen": 1, "klappen": 9, "lappen": 5}).nearest("lapppen") == "lappen"
    assert Spelling.of({"mappen": 1, "kappen": 9, "lappen": 5}).nearest("tappen") == "kappen"


def test_a_short_word_with_another_first_letter_is_another_word() -> None:
    assert Spelling.of({"kaart": 9}).nearest("taart") is None
    assert Spelling.of({"kaart": 9}).nearest("kaatr") == "kaart"


@pytest.mark.parametrize("word", ["", "abc", "zzzzzzzz"])
def test_what_is_too_short_or_too_far_is_left_alone(word: str) -> None:
    assert Spelling.of({"document": 1}).nearest(word) is None
