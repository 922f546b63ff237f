"""Signatures, disputes and corrective acts: what the database holds to whoever writes, the worker or the owner.

R-072, AMB-14, E73, E75: the order of signatures, nobody signs what they made, nothing is signed while it is disputed,
and only what both sides signed is corrected.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text

from ledgers import act_life
from ledgers.errors import AppendOnly, NotPermitted, TakenAlready
from tests.ledgers.books import day, enter, refused

MARCH, MAY = date(2024, 3, 1), date(2024, 5, 6)

Rows = dict[str, list[dict[str, Any]]]


def act(number: int = 0) -> Rows:
    if number:
        return {"corrective_act": [{"month": MARCH, "act_number": number, "dated": day(6, 5), "reason": "қате"}]}
    return {"act": [{"month": MARCH}]}


def signature(role: str, signer: str | None = None, number: int = 0) -> Rows:
    row = {"month": MARCH, "act_number": number, "role": role, "signer": signer or role, "signed_on": day(15, 4)}
    return {"act_signature": [row]}


def dispute(number: int = 1, act_number: int = 0) -> Rows:
    key = {"month": MARCH, "act_number": act_number, "dispute_number": number}
    return {"act_dispute": [key | {"opened_on": day(10, 4), "document": "№ 12", "ours": 2, "theirs": 1}]}


def ended(number: int = 1) -> Rows:
    key = {"month": MARCH, "act_number": 0, "dispute_number": number}
    return {"act_dispute_end": [key | {"ended_on": day(11, 4), "outcome": "explained", "note": "ок"}]}


def sent(on: int) -> Rows:
    return {"statement_sent": [{"month": MARCH, "sent_on": day(on, 4)}]}


def told(connection: Connection, *facts: Rows) -> None:
    """March is closed, then this happens, in May."""
    enter(connection, on=MAY, rows={"month_lock": [{"month": MARCH, "closing_cash": 0}]})
    for rows in facts:
        enter(connection, on=MAY, rows=rows)


BOTH = (signature("corporation"), signature("authority"))
OFFICIALS = (signature("deputy"), signature("director"))

# What happened, what must not happen then, and what the database says.
REFUSED: list[tuple[tuple[Rows, ...], Rows, str]] = [
    ((act(),), signature("director"), "the deputy director signs Appendix 2 before the director"),
    ((act(),), signature("corporation", "tester"), "tester built the document and cannot sign it"),
    ((act(),), signature("corporation", number=1), "there is no act No 1 of this month"),
    ((act(), signature("corporation", "Ким")), signature("authority", "Ким"), "Ким signed this document already"),
    ((act(), signature("deputy", "Ким")), signature("director", "Ким"), "Ким signed this document already"),
    ((act(), dispute()), signature("authority"), "the act is disputed: end the dispute before it is signed"),
    ((act(), dispute()), signature("corporation"), "the act is disputed: end the dispute before it is signed"),
    ((act(), dispute()), dispute(2), "the act is disputed already: end that dispute first"),
    ((act(), signature("authority")), dispute(), "the authority signed the act"),
    ((act(),), dispute(1, 1), "there is no act No 1 of this month"),
    ((act(), signature("corporation")), act(1), "act No 0 is not signed by both sides"),
    ((act(), *BOTH, act(1)), act(2), "act No 1 is not signed by both sides"),
    ((act(), *BOTH, act(1)), signature("deputy", number=1), "a corrective act is to Appendix 1"),
    ((act(), *BOTH, act(1)), signature("authority", "tester", 1), "tester built the document and cannot sign it"),
    ((act(),), sent(16), "Appendix 2 is sent after the director signed it"),
    ((act(), signature("deputy")), sent(16), "Appendix 2 is sent after the director signed it"),
    ((act(), *OFFICIALS), sent(14), "Appendix 2 is sent after the director signed it"),
]


@pytest.mark.parametrize(("before", "forbidden", "sentence"), REFUSED, ids=[row[2] for row in REFUSED])
def test_what_the_order_does_not_allow_is_refused_to_both(
    role: Connection, before: tuple[Rows, ...], forbidden: Rows, sentence: str
) -> None:
    told(role, *before)
    with refused(role, NotPermitted) as caught:
        enter(role, on=MAY, rows=forbidden)
    assert sentence in str(caught.error)


ALLOWED: list[tuple[Rows, ...]] = [
    (act(), *BOTH, *OFFICIALS, sent(15)),
    (act(), signature("authority"), signature("corporation")),
    (act(), signature("corporation", "Ким"), signature("deputy", "Ким")),
    (act(), dispute(), *OFFICIALS, ended(), *BOTH),
    (act(), dispute(), ended(), dispute(2), ended(2), *BOTH),
    (act(), *BOTH, act(1), signature("corporation", number=1), signature("authority", number=1), act(2)),
    (act(), *BOTH, act(1), dispute(1, 1)),
]


@pytest.mark.parametrize("facts", ALLOWED)
def test_what_the_order_allows_is_written(role: Connection, facts: tuple[Rows, ...]) -> None:
    told(role, *facts)
    life = act_life.life(role, 1, MARCH)
    assert len(life.signatures) == sum("act_signature" in rows for rows in facts)
    assert len(life.acts) == sum(bool({"act", "corrective_act"} & set(rows)) for rows in facts)
    assert len(life.disputes) == sum("act_dispute" in rows for rows in facts)


@pytest.mark.parametrize(("before", "again"), [(BOTH[:1], BOTH[0]), ((*OFFICIALS, sent(15)), sent(16))])
def test_a_signature_and_a_sending_are_there_once(role: Connection, before: tuple[Rows, ...], again: Rows) -> None:
    told(role, act(), *before)
    with refused(role, TakenAlready):
        enter(role, on=MAY, rows=again)


CHANGES: list[Callable[[str], str]] = [
    lambda table: f"UPDATE esep.{table} SET month = month",
    lambda table: f"DELETE FROM esep.{table}",
    lambda table: f"TRUNCATE esep.{table} CASCADE",
]


@pytest.mark.parametrize(
    "table", ["act_signature", "act_dispute", "act_dispute_end", "statement_sent", "corrective_act"]
)
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_signed_stays(shared: Any, table: str, change: Callable[[str], str]) -> None:
    """The owner too cannot take a signature back."""
    with shared.undone("owner") as owner:
        told(owner, act(), dispute(), ended(), *BOTH, *OFFICIALS, sent(15), act(1))
        with refused(owner, AppendOnly):
            owner.execute(text(change(table)))
