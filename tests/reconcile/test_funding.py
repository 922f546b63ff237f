"""From when and until when money comes, and what is unusual about a transfer (R-040 to R-043)."""

from datetime import date

import pytest

from ledgers.calendar import BUILT_IN
from ledgers.settings import Settings
from ledgers.terms import Term
from reconcile import funding
from reconcile.funding import Came

DEFAULT = Settings()
ARRIVAL_DAY = Settings({"transfer_term": "arrival_day"})
FIRST_INCLUDED = Settings({"after_the_first": "first_included"})
NO_LATEST = Settings({"late_request_deadline": "none"})
MARCH = date(2024, 3, 1)

TERMS = [
    ("E02", date(2023, 6, 27), date(2023, 7, 1), DEFAULT, None, date(2023, 6, 30)),
    ("E02, AMB-1 reading B", date(2023, 6, 27), date(2023, 7, 1), ARRIVAL_DAY, None, date(2023, 6, 29)),
    ("E05", date(2023, 12, 28), date(2024, 1, 1), DEFAULT, date(2024, 1, 3), date(2024, 1, 4)),
    ("E05, AMB-3 reading B", date(2023, 12, 28), date(2024, 1, 1), NO_LATEST, date(2024, 1, 3), None),
    ("E14", date(2024, 12, 30), date(2025, 1, 1), DEFAULT, date(2025, 1, 5), date(2025, 1, 6)),
    ("E15", date(2024, 4, 30), date(2024, 5, 1), DEFAULT, date(2024, 5, 2), date(2024, 5, 3)),
    ("E18", date(2024, 2, 28), MARCH, DEFAULT, date(2024, 3, 4), date(2024, 3, 5)),
    ("E18, AMB-2 reading B", date(2024, 2, 28), MARCH, FIRST_INCLUDED, date(2024, 3, 1), date(2024, 3, 4)),
    ("E19", date(2024, 2, 27), MARCH, DEFAULT, None, date(2024, 2, 29)),
    ("E31", date(2024, 3, 12), MARCH, DEFAULT, None, date(2024, 3, 14)),
    ("an additional list after the 27th of its own month", date(2024, 3, 28), MARCH, DEFAULT, None, date(2024, 4, 1)),
    ("a request for a month further on", date(2024, 2, 28), date(2024, 4, 1), DEFAULT, None, date(2024, 3, 1)),
    ("a day off, AMB-1 reading B", date(2024, 3, 16), MARCH, ARRIVAL_DAY, None, date(2024, 3, 19)),
]


@pytest.mark.parametrize(("case", "arrived", "month", "settings", "earliest", "due"), TERMS, ids=[t[0] for t in TERMS])
def test_terms(
    case: str, arrived: date, month: date, settings: Settings, earliest: date | None, due: date | None
) -> None:
    found = funding.term(arrived, month, BUILT_IN, settings)
    assert (found.earliest, found.due) == (earliest, due), case


def came(dated: date, received: date, *, parts: bool = True, rest: int = 0) -> Came:
    return Came(
        authority_code="AST",
        line="S1",
        order_number="145",
        order_date=dated,
        received_on=received,
        parts=[("R", "A", 18_460_00)] if parts else [],
        rest=rest,
    )


JANUARY = funding.term(date(2023, 12, 28), date(2024, 1, 1), BUILT_IN, DEFAULT)
ON_THE_14TH = funding.term(date(2024, 3, 12), MARCH, BUILT_IN, DEFAULT)
REMARKS = [
    ("E05, dated", came(date(2023, 12, 29), date(2024, 1, 3)), JANUARY, {"before_the_first", "other_month"}),
    ("E05, received", came(date(2023, 12, 29), date(2023, 12, 29)), JANUARY, {"before_the_first"}),
    ("E05, in time", came(date(2024, 1, 3), date(2024, 1, 4)), JANUARY, set()),
    ("E31", came(date(2024, 3, 18), date(2024, 3, 18)), ON_THE_14TH, {"late"}),
    ("E31, in time", came(date(2024, 3, 14), date(2024, 3, 14)), ON_THE_14TH, set()),
    ("E34", came(date(2024, 3, 14), date(2024, 3, 14), rest=270_00), ON_THE_14TH, {"excess"}),
    ("E35", came(date(2024, 3, 14), date(2024, 3, 14), parts=False, rest=1), ON_THE_14TH, {"no_request"}),
    ("E37", came(date(2024, 3, 29), date(2024, 4, 1), parts=False, rest=1), JANUARY, {"no_request", "other_month"}),
]


@pytest.mark.parametrize(("case", "transfer", "term", "expected"), REMARKS, ids=[row[0] for row in REMARKS])
def test_remarks(case: str, transfer: Came, term: Term, expected: set[str]) -> None:
    found = list(funding.remarks(transfer, {("R", "A"): term}, BUILT_IN))
    assert {one.case for one in found} == expected, case


def test_remarks_are_sentences() -> None:
    late = list(funding.remarks(came(date(2024, 3, 18), date(2024, 3, 18)), {("R", "A"): ON_THE_14TH}, BUILT_IN))
    assert [one.sentence for one in late] == [
        "transfer 145 of 18.03.2024 of AST: 2 working days late, the money of R was due on 14.03.2024 (R-040)"
    ]
    early = list(funding.remarks(came(date(2023, 12, 29), date(2023, 12, 29)), {("R", "A"): JANUARY}, BUILT_IN))
    (sentence,) = (one.sentence for one in early)
    assert sentence == (
        "transfer 145 of 29.12.2023 of AST: dated 29.12.2023, before the 1st, old budget year: R arrived after the "
        "27th, its money comes from 03.01.2024 on (R-042)"
    )
