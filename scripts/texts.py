"""The texts people see: collected from the code, kept per language in `locales/`, compiled for gettext.

python -m scripts.texts collect    bring locales/LANGUAGE/LC_MESSAGES/wijzer.po up to date with the code
python -m scripts.texts compile    make the .mo files that the program reads
python -m scripts.texts check      say what is missing, doubtful or wrong; exit 1 when anything is
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from locales import FOLDER, LANGUAGES

ROOT = FOLDER.parent
PACKAGES = ("adapters", "bot", "cards", "connector", "domain", "functions", "localhost", "locales", "wiring")
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
NO_BREAK = "\N{NO-BREAK SPACE}"
ERRORS_OF = {"DeskError"}
"""Names of the classes whose first argument is a text; subclasses are found in the code."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the code says it. `given` holds the names it fills in, or None when that cannot be seen."""

    message: str
    plural: str | None
    place: str
    given: frozenset[str] | None


def collected(root: Path = ROOT) -> list[Text]:
    """Every `t("…")`, `t.plural("…", "…", n)`, `N_("…")` and `SomeDeskError("…")` in the code, in order."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    }
    errors = _subclasses(trees.values(), ERRORS_OF)
    found: list[Text] = []
    for path, tree in trees.items():
        place = path.relative_to(root).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found += _texts_of(node, place, errors)
    return found


def template(texts: list[Text]) -> Catalog:
    catalog = Catalog(project="Wijzer", domain="wijzer", charset="utf-8")
    for text in texts:
        catalog.add((text.message, text.plural) if text.plural else text.message, locations=[(text.place, 0)])
    return catalog


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands; empty when there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, domain="wijzer", project="Wijzer", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="wijzer")


def po_path(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "wijzer.po"


def save(catalog: Catalog, language: str) -> None:
    """Write a catalogue, its texts set as the language sets them."""
    path = po_path(language)
    for message in catalog:
        if message.id and language == "fr":
            french = tuple(set_in_french(string) for string in _as_tuple(message.string))
            message.string = french if message.pluralizable else french[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.header_comment = f"# The texts of Wijzer: {language}."
    catalog.version, catalog.last_translator, catalog.language_team = "1", "Wijzer", language
    catalog.msgid_bugs_address = "see CONTRIBUTING.md"
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def collect() -> int:
    wanted = template(collected())
    for language in TRANSLATED:
        catalog = catalogue(language)
        before = {message.id for message in catalog if message.id}
        catalog.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        save(catalog, language)
        after = {message.id for message in catalog if message.id}
        missing = sum(1 for message in catalog if message.id and not _complete(message))
        print(f"{language}: {len(after)} texts, {len(after - before)} new, {missing} to translate")
    return 0


def compile_all() -> int:
    for language in TRANSLATED:
        path = po_path(language).with_suffix(".mo")
        fresh = path.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue(language))
        fresh.replace(path)  # a program that starts now sees the old one or the new one, never half of it
    return 0


def is_stale() -> bool:
    """Whether a catalogue was changed after it was compiled."""
    for language in TRANSLATED:
        source, compiled = po_path(language), po_path(language).with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            return True
    return False


def problems() -> Iterator[str]:
    """What is wrong with the texts, one sentence each."""
    texts = collected()
    for text in texts:
        if text.given is not None and (names := placeholders(text.message)) - {"n"} != text.given - {"n"}:
            yield f"{text.place}: {text.message!r} names {sorted(names)} and is given {sorted(text.given)}"
    wanted = {text.message: text for text in texts}
    for language in TRANSLATED:
        catalog = catalogue(language)
        known = {_as_tuple(message.id)[0]: message for message in catalog}
        yield from (f"{language}: not in the catalogue: {m!r}; collect" for m in wanted if m not in known)
        for message_id, message in known.items():
            if message_id and message_id not in wanted:
                yield f"{language}: no longer in the code: {message_id!r}; collect"
            elif message_id:
                yield from (f"{language}: {problem}: {message_id!r}" for problem in faults(message))
                if language == "fr":
                    yield from (f"fr: {problem}: {message_id!r}" for problem in french_faults(message))


def check() -> int:
    found = list(problems())
    print(*found, sep="\n")
    return 1 if found else 0


def set_in_french(text: str) -> str:
    """With the spaces that do not break before `: ; ? !` and inside `« »`, and the apostrophe that is curved."""
    return re.sub(r"(?<=\w)'(?=[\w{«])", "’", re.sub(r"[ \u202f](?=[:;?!»])|(?<=«)[ \u202f]", NO_BREAK, text))


def placeholders(text: str) -> frozenset[str]:
    """The `{names}` in a text."""
    return frozenset(name for _before, name, _format, _conversion in Formatter().parse(text) if name)


def _texts_of(call: ast.Call, place: str, errors: frozenset[str]) -> Iterator[Text]:
    called = call.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    if name not in {"t", "plural", "N_"} | errors or not call.args:
        return
    # With `**values` or N_ the names are not to be seen here.
    seen = name != "N_" and all(keyword.arg for keyword in call.keywords)
    given = frozenset(keyword.arg or "" for keyword in call.keywords) - {"field"} if seen else None
    if name == "plural":
        one, many = (_strings(argument) for argument in call.args[:2])
        for singular, plural in zip(one, many, strict=True):
            yield Text(singular, plural, place, None if given is None else given | {"n"})
        return
    for message in _strings(call.args[0]):
        yield Text(message, None, place, given)


def _strings(node: ast.expr) -> list[str]:
    """The literal texts an argument can be: itself, or both sides of `a if x else b`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    return []


def _subclasses(trees: Iterable[ast.Module], roots: set[str]) -> frozenset[str]:
    classes = {
        node.name: {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = set(roots)
    while more := {name for name, bases in classes.items() if bases & known} - known:
        known |= more
    return frozenset(known)


def _as_tuple(texts: object) -> tuple[str, ...]:
    return (
        tuple(str(text or "") for text in texts) if isinstance(texts, (tuple, list)) else (str(texts or ""),)
    )


def _complete(message: Message) -> bool:
    return all(_as_tuple(message.string))


def faults(message: Message) -> Iterator[str]:
    """What is wrong with a translation, one phrase each."""
    if message.fuzzy:
        yield "doubtful (fuzzy)"
    if not _complete(message):
        yield "not translated"
        return
    source = _as_tuple(message.id)[-1]
    for string in _as_tuple(message.string):
        if placeholders(string) - {"n"} != placeholders(source) - {"n"}:
            yield f"other names in {string!r}"
        if (string != string.strip()) != (source != source.strip()):
            yield f"other space at an end in {string!r}"


def french_faults(message: Message) -> Iterator[str]:
    """What French wants beside that: a space that does not break before a high sign, and inside quotes."""
    for string in _as_tuple(message.string):
        if string != set_in_french(string) or re.search(
            rf"[^{NO_BREAK}.…!?][;?!»]|\w:(?=\s|$)|«[^{NO_BREAK}]", string
        ):
            yield f"not set as French is, collect: {string!r}"


COMMANDS: dict[str, Callable[[], int]] = {"collect": collect, "compile": compile_all, "check": check}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.texts", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("command", choices=COMMANDS)
    return COMMANDS[parser.parse_args().command]()


if __name__ == "__main__":
    sys.exit(main())
