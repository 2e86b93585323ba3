"""A question as the index of one language reads it: its words, what each may mean, and what each weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.search.analyzer import Synonyms, words_of
from adapters.search.languages import language
from adapters.search.meanings import Meaning, Meanings
from adapters.search.words import Words

MOST_WORDS = 60
"""Words of a question that are looked at: a question is a sentence or two, and a novel must not stop the others."""
MOST_CONTENT = 16
"""Words that are looked up, the rarest ones."""


@dataclass(frozen=True, slots=True)
class Question:
    words: Sequence[str]
    """The content of it: words that carry meaning."""
    meanings: Sequence[Meaning]
    """Of every different word, those of `content` among them."""
    content: Sequence[Meaning]
    order: Sequence[int]
    """The stems of all words in order, by number; -1, -2 … for what no tip has."""

    @property
    def unknown(self) -> int:
        """Content words that no tip has."""
        return sum(not meaning.known for meaning in self.content)


def says_something(text: str, code: str) -> bool:
    """Whether any word of it carries meaning in this language."""
    spoken = language(code)
    return not spoken.stop_words.issuperset(words_of(text, spoken)[:MOST_WORDS])


class Reader:
    def __init__(self, words: Words, synonyms: Synonyms) -> None:
        self._words = words
        self._synonyms = synonyms
        self._meanings = Meanings(words, synonyms)

    def read(self, text: str, asked_in: str) -> Question | None:
        """None when no word in it carries meaning: `wat is dat` asks nothing that a tip could answer."""
        own = self._words.language
        home = asked_in == own.code
        spoken = own if home else language(asked_in)
        said = words_of(text, spoken)[:MOST_WORDS]
        words = list(dict.fromkeys(self._synonyms.read(said) if home else said))
        joined: dict[str, list[str]] = {}
        if home:
            # Both words of what is one word in the tips may mean that word.
            for one, other, together in self._words.analyzer.joined(said):
                joined.setdefault(one, []).append(together)
                joined.setdefault(other, []).append(together)
        of = self._meanings.of
        meanings = {word: of(word, asked_in, joined.get(word, ())) for word in words}
        content = [word for word in words if word not in spoken.stop_words or word in joined]
        if not content:
            return None
        if len(content) > MOST_CONTENT:
            least = sorted(meanings[word].weight for word in content)[-MOST_CONTENT]
            content = [word for word in content if meanings[word].weight >= least]
        order = []
        for at, word in enumerate(said, 1):
            stem = (meanings.get(word) or of(word, asked_in)).stem
            order.append(-at if stem is None else stem)
        return Question(content, list(meanings.values()), [meanings[word] for word in content], order)
