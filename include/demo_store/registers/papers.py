"""Which invoices, shipments and credit memos there are: numbered in the order in which they were written."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from include.demo_store.columns import DateIndex
from include.demo_store.generate.life import Step
from include.demo_store.generate.lines import Basket
from include.demo_store.generate.orders import Orders
from include.demo_store.generate.papers import Baskets, Occasion, Paper, Part
from include.demo_store.population import Population

Writes = Callable[[int, list[Step], Baskets], Iterator[Paper]]
_KEPT_BASKETS = 256


class PaperRegister:
    """The papers of one kind up to an instant; the columns have one entry per paper, id minus one.

    Args:
        population: whose orders.
        orders: makes them.
        writes: which papers an order's life brings.
    """

    def __init__(self, population: Population, orders: Orders, writes: Writes) -> None:
        self.created, self.order, self._part = array("q"), array("i"), array("b")
        self._sequence = array("i")
        self.by_created = DateIndex(self.created)
        self._population, self._orders, self._writes = population, orders, writes
        self._numbers: dict[int, list[int]] = {}
        self._until = -1
        self._basket = lru_cache(maxsize=_KEPT_BASKETS)(self._draw)

    def __len__(self) -> int:
        return len(self.created)

    def advance(self, now: int, touched: Iterable[int]) -> set[int]:
        """Writes the papers of the touched orders up to `now`; returns the ids of the new ones."""
        then, self._until = self._until, now
        found = [paper for number in touched for paper in self._papers(number) if then < paper.at <= now]
        found.sort(key=lambda paper: (paper.at, paper.order_id, paper.part.value))
        first = len(self) + 1
        for paper in found:
            self._write(paper)
        if found:
            self.by_created.forget()
        return set(range(first, len(self) + 1))

    def _papers(self, number: int) -> Iterator[Paper]:
        return self._writes(number, self._population.steps(number), lambda: self._basket(number))

    def _draw(self, number: int) -> Basket:
        return self._orders.draft(self._population.head_when_placed(number)).basket

    def _write(self, paper: Paper) -> None:
        numbers = self._numbers.setdefault(self._population.orders.store[paper.order_id - 1], [])
        self.created.append(paper.at)
        self.order.append(paper.order_id)
        self._part.append(paper.part.value)
        numbers.append(len(self))
        self._sequence.append(len(numbers))

    def number_of(self, paper_id: int) -> str:
        """The increment id of a paper."""
        store = self._population.orders.store[self.order[paper_id - 1] - 1]
        return f"{store}{self._sequence[paper_id - 1]:08d}"

    def id_of(self, number: str) -> int | None:
        """The paper with an increment id; None when there is none."""
        store, digits = number[:1], number[1:]
        numbers = self._numbers.get(int(store), []) if store.isdecimal() else []
        if len(digits) != 8 or not digits.isdecimal() or not 0 < int(digits) <= len(numbers):
            return None
        return numbers[int(digits) - 1]

    def exists(self, paper_id: int) -> bool:
        """Whether the paper is there: they go with their order."""
        return 0 < paper_id <= len(self) and self.order[paper_id - 1] not in self._population.orders.deleted

    def occasion(self, paper_id: int) -> Occasion:
        """What the paper is written from."""
        index = paper_id - 1
        paper = Paper(self.created[index], self.order[index], Part(self._part[index]))
        head = self._population.head(paper.order_id)
        draft = self._orders.draft(head)
        # Order generation goes on drawing where the draft stopped, so each needs a draft of its own.
        order = self._orders.order(head)
        return Occasion(paper_id, self.number_of(paper_id), paper, head, order, draft)
