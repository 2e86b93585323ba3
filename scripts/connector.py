"""Writes `connector/apiDefinition.swagger.json`: `python -m scripts.connector`. `--host` makes one for a city, on the
standard output."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from connector.documents import Document, swagger

DEFINITION = Path(__file__).parents[1] / "connector" / "apiDefinition.swagger.json"


def written(document: Document) -> str:
    return json.dumps(document, indent=4, ensure_ascii=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", help="where the product of the city runs, such as wijzer.gent.be")
    given = parser.parse_args()
    if given.host:
        print(written(swagger(given.host)), end="")
    else:
        DEFINITION.write_text(written(swagger()), encoding="utf-8")


if __name__ == "__main__":
    main()
