"""The settings as lines that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ledgers.settings import SETTINGS
from reconcile import report
from reconcile.counted import counted

if TYPE_CHECKING:
    from ledgers.settings import SettingInForce
    from reconcile.settings import SettingChanged


def listed(rows: Sequence[SettingInForce], codes: Mapping[int, str], *, tabs: bool = False) -> list[str]:
    """Every setting with the question it answers, its value, and whose word that is since when."""
    cells = [
        (
            one.name,
            one.value,
            one.default,
            "default" if one.book is None else codes[one.book],
            "" if one.since is None else f"{report.day(one.since)} {one.actor}",
            SETTINGS[one.name].source,
            SETTINGS[one.name].question,
        )
        for one in rows
    ]
    return report.table(("setting", "value", "default", "said by", "since", "source", "question"), cells, tabs=tabs)


def readings(name: str) -> list[str]:
    """One setting: its question, the readings to choose from, and those that are not offered."""
    setting = SETTINGS[name]
    rows = [
        (value, words + (" (default)" if value == setting.default else "")) for value, words in setting.readings.items()
    ]
    rows += [(value, f"not offered: {why}") for value, why in setting.refused.items()]
    return [f"{name} ({setting.source}): {setting.question}", *report.table(("value", "means"), rows)]


def changed(result: SettingChanged) -> list[str]:
    """A setting that was changed."""
    whose = f"for {result.authority_code}" if result.authority_code else "for every authority that says nothing itself"
    if result.is_repeat:
        return [f"{result.name} is {result.value} already {whose}, {report.NOTHING_CHANGED}"]
    deadlines = counted(result.recomputed, "open deadline")
    means = SETTINGS[result.name].readings[result.value]
    return [
        f"{result.name} was {result.was}, is {result.value} {whose} (version {result.version}): {means}",
        f"{deadlines} computed again",
    ]
