"""All registers of a shop that the population does not keep, each opened when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from include.demo_store.generate import papers
from include.demo_store.generate.orders import Orders
from include.demo_store.population import News, Population
from include.demo_store.registers.carts import CartRegister
from include.demo_store.registers.papers import PaperRegister
from include.demo_store.registers.subscribers import SubscriberRegister


@dataclass(slots=True)
class Changes:
    """Ids of the records that became different, by kind."""

    customers: set[int] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    carts: set[int] = field(default_factory=set)
    subscribers: set[int] = field(default_factory=set)
    invoices: set[int] = field(default_factory=set)
    shipments: set[int] = field(default_factory=set)
    credit_memos: set[int] = field(default_factory=set)

    def __iter__(self) -> Iterator[set[int]]:
        return (getattr(self, kind.name) for kind in fields(self))


class Registers:
    """The carts, papers and subscribers of one shop."""

    def __init__(self, population: Population, seed: int, orders: Orders) -> None:
        self._population, self._seed, self._orders = population, seed, orders

    @cached_property
    def carts(self) -> CartRegister:
        """Carts, those that became orders included."""
        register = CartRegister(self._population, self._seed)
        register.advance(self._population.now)
        return register

    @cached_property
    def subscribers(self) -> SubscriberRegister:
        """Newsletter subscribers."""
        register = SubscriberRegister(self._population, self._seed)
        register.advance(self._population.now)
        return register

    @cached_property
    def invoices(self) -> PaperRegister:
        """Invoices."""
        return self._papers(PaperRegister(self._population, self._orders, papers.invoices))

    @cached_property
    def shipments(self) -> PaperRegister:
        """Shipments."""
        return self._papers(PaperRegister(self._population, self._orders, papers.shipments))

    @cached_property
    def credit_memos(self) -> PaperRegister:
        """Credit memos."""
        return self._papers(PaperRegister(self._population, self._orders, papers.credit_memos))

    def _papers(self, register: PaperRegister) -> PaperRegister:
        register.advance(self._population.now, range(1, len(self._population.orders) + 1))
        return register

    def advance(self, news: News) -> Changes:
        """Brings the registers that are open up to the population's instant; the others catch up when opened."""
        changes = Changes(customers=news.customers, orders=news.orders)
        now = self._population.now
        if (carts := self._opened("carts")) is not None:
            changes.carts = carts.advance(now)
        if (subscribers := self._opened("subscribers")) is not None:
            changes.subscribers = subscribers.advance(now)
        for kind in ("invoices", "shipments", "credit_memos"):
            if (register := self._opened(kind)) is not None:
                setattr(changes, kind, register.advance(now, news.orders))
        return changes

    def _opened(self, kind: str) -> Any:
        """A register that is open; `cached_property` keeps it under its own name."""
        return self.__dict__.get(kind)
