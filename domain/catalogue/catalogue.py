"""The catalogue as a city writes it: what the desk offers as standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from domain.catalogue.item import Item
from domain.catalogue.search import ItemIndex


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    name: str
    summary: str


@dataclass(frozen=True)
class Catalogue:
    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def index(self) -> ItemIndex:
        return ItemIndex(self.items)
