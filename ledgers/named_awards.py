"""Awards as a list names them: by authority, due month, person, kind of aid and decision, which is an award's key."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, text


class AwardName(NamedTuple):
    """What tells an award from all others."""

    authority_bin: str
    due_month: date
    iin: str
    aid_kind: str
    decision_number: str


def numbers(connection: Connection, names: Sequence[AwardName]) -> dict[AwardName, tuple[int, int]]:
    """The authority and the number of each award that is in the books."""
    columns = zip(*names, strict=True) if names else ((),) * len(AwardName._fields)
    bind = {field: list(column) for field, column in zip(AwardName._fields, columns, strict=True)}
    rows = connection.execute(
        text("""
            SELECT s.authority_bin, s.due_month, s.iin, s.aid_kind, s.decision_number, w.authority_id, w.award_number
            FROM unnest(
                CAST(:authority_bin AS text[]), CAST(:due_month AS date[]), CAST(:iin AS text[]),
                CAST(:aid_kind AS text[]), CAST(:decision_number AS text[])
            ) AS s (authority_bin, due_month, iin, aid_kind, decision_number)
            JOIN esep.authority a ON a.bin = s.authority_bin
            JOIN esep.award_line w ON w.authority_id = a.authority_id AND w.due_month = s.due_month AND w.iin = s.iin
                AND w.aid_kind = s.aid_kind AND w.decision_number = s.decision_number AND w.version = 1
                -- The months are named so that the parts of the register for other months are not even looked into.
                AND w.due_month = ANY(CAST(:due_month AS date[]))
        """),
        bind,
    )
    return {AwardName(*row[:5]): (row.authority_id, row.award_number) for row in rows}
