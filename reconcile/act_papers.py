"""The papers of a month that stand in the archive: the act that is in force for a number, and the PDF that is signed.

Number 0 is the act, k the corrective act No k; what an act says is read from its XML, as it was built.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from formats.documents import CorrectiveAct, TransferAct
from ledgers import act_life, evidence
from ledgers.act_life import ActBuilt, ActLife
from ledgers.evidence import Document
from ledgers.setup import Authority
from reconcile import act
from reconcile.act_compare import Row
from reconcile.desk import Desk
from reconcile.errors import Refusal

SIGNED_LANGUAGE = "kk"
"""The form of the order is in Kazakh: that is the document which is signed (E81)."""


class UnknownAct(Refusal):
    """A corrective act that was not built."""

    def __init__(self, authority_code: str, month: date, act_number: int, known: int) -> None:
        super().__init__(
            f"there is no corrective act No {act_number} to {month:%m.%Y} of {authority_code}; there are {known}: "
            f"see esep act status --authority {authority_code} --month {month:%Y-%m}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An act of a month with its files: what it says of each transfer, and the digest of the PDF that is signed."""

    built: ActBuilt
    value: TransferAct | CorrectiveAct
    documents: tuple[Document, ...]

    @property
    def rows(self) -> list[Row]:
        """The rows that the act says are right, by the Kazakh names of their kinds."""
        if isinstance(self.value, TransferAct):
            parts = [(row.order_number, row.order_date, row.aid_kk, row.amount) for row in self.value.rows]
        else:
            parts = [(row.order_number, row.order_date, row.aid_kk, row.corrected) for row in self.value.rows]
        return [Row(order_number=n, order_date=d, aid=aid, amount=amount) for n, d, aid, amount in parts if amount]

    @property
    def signed_pdf(self) -> Document:
        """The file that is signed: the Kazakh PDF of the act, not of what stands beside it."""
        start = "act-" if self.built.act_number == 0 else "corrective-act-"
        end = f"-{SIGNED_LANGUAGE}.pdf"
        return next(one for one in self.documents if one.file_name.startswith(start) and one.file_name.endswith(end))


def built(life: ActLife, authority: Authority, month: date, act_number: int) -> ActBuilt:
    """The act of this number.

    Raises:
        NoActs: the documents of the month were not built.
        UnknownAct: there is no corrective act of this number.
    """
    if not life.acts:
        raise act.NoActs(authority.code, month)
    found = next((one for one in life.acts if one.act_number == act_number), None)
    if found is None:
        raise UnknownAct(authority.code, month, act_number, len(life.acts) - 1)
    return found


def paper(desk: Desk, connection: Connection, authority: Authority, one: ActBuilt) -> Paper:
    """An act as it was built.

    Raises:
        MissingFromArchive, ArchiveDamaged: the archive does not hold it as it was.
    """
    documents = evidence.documents_of(connection, authority.authority_id, one.entry_number)
    values = act.documents_in(desk, documents)
    value = next(value for value in values if isinstance(value, TransferAct | CorrectiveAct))
    return Paper(built=one, value=value, documents=tuple(documents))


def life_of(connection: Connection, authority: Authority, month: date) -> ActLife:
    """What happened to the documents of a month.

    Raises:
        NoActs: they were not built.
    """
    life = act_life.life(connection, authority.authority_id, month)
    if not life.acts:
        raise act.NoActs(authority.code, month)
    return life
