"""The columns that the index is made of, and how they are filled from entries."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from referral import geo
from referral.matching.entries import (
    N_WORDS,
    ProviderEntry,
    Whereabouts,
    mask_words,
    masks,
    overridden,
    packed_answers,
)
from referral.vocabulary import LEVELS

LOCATED = Whereabouts.LOCATED.value
LEVEL_CODES: tuple[str, ...] = tuple(LEVELS)
LEVEL_NUMBER = {code: number for number, code in enumerate(LEVEL_CODES)}


@dataclass(frozen=True)
class Rows:
    """A value for each program, shape (capacity,) unless said; 95 bytes a row with three words of facts."""

    latitude: npt.NDArray[np.float64]
    """Degrees; NaN without a point. x, y, z: Earth-centred miles."""
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    z: npt.NDArray[np.float64]
    answers: npt.NDArray[np.uint16]
    """Two bits for each need: the verdict of the level and stay (entries.ASK_SHIFT)."""
    yes: npt.NDArray[np.uint64]
    """Facts that are yes, (N_WORDS, capacity)."""
    no: npt.NDArray[np.uint64]
    provider: npt.NDArray[np.int32]
    """Position in Providers."""
    program_id: npt.NDArray[np.int64]
    level: npt.NDArray[np.uint8]
    """Position in LEVEL_CODES."""

    @property
    def capacity(self) -> int:
        return len(self.provider)

    def taken(self, order: npt.NDArray[np.int64], spare: int) -> Rows:
        """The rows in this order, with room for `spare` more. One column at a time, to keep memory low."""
        columns: dict[str, Any] = {}
        for field in fields(self):
            old = getattr(self, field.name)
            new = np.zeros((*old.shape[:-1], len(order) + spare), dtype=old.dtype)
            np.take(old, order, axis=-1, out=new[..., : len(order)], mode="clip")
            columns[field.name] = new
        return Rows(**columns)

    def write(self, start: int, other: Rows) -> None:
        """Copy all rows of `other` to the rows from `start` on."""
        for field in fields(self):
            getattr(self, field.name)[..., start : start + other.capacity] = getattr(other, field.name)


@dataclass(frozen=True)
class Providers:
    """A value for each provider. A changed provider stands twice; live rows point to the later one."""

    ids: npt.NDArray[np.int64]
    names: list[str]
    states: npt.NDArray[np.str_]
    whereabouts: npt.NDArray[np.uint8]
    is_approximate: npt.NDArray[np.bool_]
    is_demo: npt.NDArray[np.bool_]

    def extended(self, other: Providers) -> Providers:
        """These and the others behind them."""
        arrays = {
            field.name: np.concatenate([getattr(self, field.name), getattr(other, field.name)])
            for field in fields(self)
            if field.name != "names"
        }
        return Providers(names=[*self.names, *other.names], **arrays)


class Columns(NamedTuple):
    rows: Rows
    providers: Providers


class _Filling:
    """Grows typed arrays entry by entry: a national directory never stands in memory as objects."""

    def __init__(self) -> None:
        self.point = array("d")
        self.answers, self.provider, self.program_id, self.level = array("H"), array("i"), array("q"), array("B")
        self.yes, self.no = array("Q"), array("Q")
        self.ids, self.names, self.states = array("q"), list[str](), list[str]()
        self.whereabouts, self.is_approximate, self.is_demo = array("B"), array("B"), array("B")

    def add(self, entry: ProviderEntry) -> None:
        number = len(self.names)
        self.ids.append(entry.id)
        self.names.append(entry.name)
        self.states.append(entry.state)
        self.whereabouts.append(entry.whereabouts)
        self.is_approximate.append(entry.is_approximate)
        self.is_demo.append(entry.is_demo)
        own = masks(entry.facts)
        is_located = entry.whereabouts == LOCATED and entry.latitude is not None and entry.longitude is not None
        point = (entry.latitude, entry.longitude) if is_located else (np.nan, np.nan)
        for program in entry.programs:
            yes, no = overridden(own, masks(program.facts)) if program.facts else own
            self.point.extend(point)  # type: ignore[arg-type]
            self.answers.append(packed_answers(program.level, program.max_stay_days))
            self.yes.extend(mask_words(yes))
            self.no.extend(mask_words(no))
            self.provider.append(number)
            self.program_id.append(program.id)
            self.level.append(LEVEL_NUMBER[program.level])

    def columns(self) -> Columns:
        point = np.frombuffer(self.point, dtype=np.float64).reshape(-1, 2) if self.point else np.empty((0, 2))
        latitude, longitude = np.ascontiguousarray(point[:, 0]), point[:, 1]
        has_point = np.isfinite(latitude)
        x, y, z = np.full((3, len(latitude)), np.nan)
        x[has_point], y[has_point], z[has_point] = geo.earth_centred(latitude[has_point], longitude[has_point])
        rows = Rows(
            latitude=latitude,
            x=x,
            y=y,
            z=z,
            answers=np.array(self.answers, dtype=np.uint16),
            yes=_words(self.yes),
            no=_words(self.no),
            provider=np.array(self.provider, dtype=np.int32),
            program_id=np.array(self.program_id, dtype=np.int64),
            level=np.array(self.level, dtype=np.uint8),
        )
        providers = Providers(
            ids=np.array(self.ids, dtype=np.int64),
            names=self.names,
            states=np.array(self.states, dtype="<U2"),
            whereabouts=np.array(self.whereabouts, dtype=np.uint8),
            is_approximate=np.array(self.is_approximate, dtype=np.bool_),
            is_demo=np.array(self.is_demo, dtype=np.bool_),
        )
        return Columns(rows, providers)


def _words(flat: array[int]) -> npt.NDArray[np.uint64]:
    """(N_WORDS, n) from the words of one row after the other."""
    return np.ascontiguousarray(np.array(flat, dtype=np.uint64).reshape(-1, N_WORDS).T)


def column_set(entries: Iterable[ProviderEntry]) -> Columns:
    """Columns of these providers, rows in their order. Raises ValueError for a point that is not on Earth."""
    filling = _Filling()
    for entry in entries:
        filling.add(entry)
    return filling.columns()
