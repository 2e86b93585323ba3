"""Writes what the connector's files say of its operations: `python -m scripts.connector`. `--host` makes the Swagger
document of a city, on the standard output."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from connector.documents import Document, swagger
from connector.operations import OPERATIONS

CONNECTOR = Path(__file__).parents[1] / "connector"
DEFINITION = CONNECTOR / "apiDefinition.swagger.json"
PROPERTIES = CONNECTOR / "apiProperties.json"
README = CONNECTOR / "README.md"
HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}", re.IGNORECASE)
_LISTED = re.compile(r"(?<=<!-- operations -->\n).*(?=<!-- /operations -->)", re.DOTALL)
_PAGED = re.compile(r'(?<="x-ms-apimTemplate-operationName": )\[[^]]*\]')


def written(document: Document) -> str:
    return json.dumps(document, indent=4, ensure_ascii=False) + "\n"


def readme(text: str) -> str:
    """The README with the operations that makers of flows see."""
    seen = [operation for operation in OPERATIONS if not operation.internal]
    listed = ""
    for title, triggers in (("Triggers", True), ("Actions", False)):
        rows = (
            f"- **{one.summary}**: {one.trigger.hint if one.trigger else one.description}"
            for one in seen
            if (one.trigger is not None) == triggers
        )
        listed += "\n".join([f"### {title}", "", *rows, "", ""])
    return _LISTED.sub(lambda _: f"\n{listed}", text)


def properties(text: str) -> str:
    """The properties with every list named whose next page has to go through the connection."""
    paged = [operation.id for operation in OPERATIONS if operation.pageable]
    return _PAGED.sub(json.dumps(paged), text)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.connector", description=__doc__)
    parser.add_argument("--host", help="where the product of the city runs, such as wijzer.gent.be")
    given = parser.parse_args()
    if given.host is not None:
        if not HOST_NAME.fullmatch(given.host):
            parser.error(f"not a host name: {given.host!r}")
        print(written(swagger(given.host)), end="")
    else:
        DEFINITION.write_text(written(swagger()), encoding="utf-8")
        for path, renewed in ((README, readme), (PROPERTIES, properties)):
            path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
