"""What would break flows that were made with an earlier Swagger document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
VERBS = ("get", "post", "put", "patch", "delete")
UPPER = ("maxLength", "maximum", "maxItems")
LOWER = ("minLength", "minimum", "minItems")


def breaking(before: Document, after: Document) -> list[str]:
    """A sentence for each thing that a flow may rely on in `before` and that `after` takes away."""
    then, now = _operations(before), _operations(after)
    return [
        said for name, one in then.items() for said in _of_operation(name, one, now.get(name), before, after)
    ]


def _operations(document: Document) -> dict[str, tuple[str, str, Mapping[str, Any]]]:
    return {
        one["operationId"]: (verb, path, one)
        for path, item in document["paths"].items()
        for verb, one in item.items()
        if verb in VERBS
    }


def _of_operation(
    name: str,
    before: tuple[str, str, Mapping[str, Any]],
    after: tuple[str, str, Mapping[str, Any]] | None,
    old: Document,
    new: Document,
) -> Iterator[str]:
    if after is None:
        yield f"{name} is gone"
        return
    if before[:2] != after[:2]:
        yield f"{name} is at another address"
    was = {(one["in"], one["name"]): one for one in before[2].get("parameters", ())}
    is_now = {(one["in"], one["name"]): one for one in after[2].get("parameters", ())}
    yield from (f"{name} takes no {key[1]} any more" for key in was.keys() - is_now.keys())
    for key, parameter in is_now.items():
        where = f"{name}.{key[1]}"
        if parameter.get("required") and "default" not in parameter and not was.get(key, {}).get("required"):
            yield f"{where} is required now"
        if key in was:
            yield from _asked(where, _schema(was[key], old), _schema(parameter, new), old, new)
    for status, answer in before[2]["responses"].items():
        if "schema" in answer:
            given = after[2]["responses"].get(status, {}).get("schema")
            if given is None:
                yield f"{name} does not answer {status} any more"
            else:
                yield from _told(name, _schema(answer, old), _resolved(given, new), old, new)


def _asked(where: str, was: Document, is_now: Document, old: Document, new: Document) -> Iterator[str]:
    """What may be sent: it may grow, and not shrink."""
    if was.get("type") != is_now.get("type"):
        yield f"{where} has another type"
    gone = set(was.get("enum", ())) - set(is_now.get("enum", was.get("enum", ())))
    yield from (f"{where} is never {value} any more" for value in sorted(map(str, gone)))
    if "enum" in is_now and "enum" not in was:
        yield f"{where} takes a few values only now"
    for bound, sign in (*((name, 1) for name in UPPER), *((name, -1) for name in LOWER)):
        if bound in is_now and (bound not in was or sign * is_now[bound] < sign * was[bound]):
            yield f"{where} has a tighter {bound}"
    fields, fields_now = was.get("properties", {}), is_now.get("properties", {})
    yield from (f"{where}.{field} is not taken any more" for field in fields.keys() - fields_now.keys())
    for field in set(is_now.get("required", ())) - set(was.get("required", ())):
        yield f"{where}.{field} is required now"
    for field in fields.keys() & fields_now.keys():
        yield from _asked(
            f"{where}.{field}", _resolved(fields[field], old), _resolved(fields_now[field], new), old, new
        )
    if "items" in was and "items" in is_now:
        yield from _asked(
            f"{where}[]", _resolved(was["items"], old), _resolved(is_now["items"], new), old, new
        )


def _told(where: str, was: Document, is_now: Document, old: Document, new: Document) -> Iterator[str]:
    """What is answered: it may get more fields, and lose none."""
    if was.get("type") != is_now.get("type"):
        yield f"{where} answers another type"
    fields, fields_now = was.get("properties", {}), is_now.get("properties", {})
    yield from (f"{where} has no {field} any more" for field in fields.keys() - fields_now.keys())
    for field in fields.keys() & fields_now.keys():
        yield from _told(
            f"{where}.{field}", _resolved(fields[field], old), _resolved(fields_now[field], new), old, new
        )
    if "items" in was and "items" in is_now:
        yield from _told(
            f"{where}[]", _resolved(was["items"], old), _resolved(is_now["items"], new), old, new
        )


def _schema(holder: Document, document: Document) -> Document:
    """Of a parameter or an answer; a parameter that is no body is its own, but for whether it is required."""
    own = {name: value for name, value in holder.items() if name != "required"}
    return _resolved(holder.get("schema", own), document)


def _resolved(schema: Document, document: Document) -> Document:
    while "$ref" in schema:
        schema = document["definitions"][schema["$ref"].rpartition("/")[2]]
    return schema
