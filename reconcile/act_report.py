"""What the commands about acts say."""

from collections.abc import Sequence

from formats.documents import CorrectiveAct, Protocol
from ledgers.money import format_tenge
from reconcile.act import ActsBuilt
from reconcile.act_correct import Corrected
from reconcile.act_dispute import Disputed
from reconcile.act_settle import Settled
from reconcile.act_sign import Sent, Signed
from reconcile.act_status import CheckedFile, DocumentStatus
from reconcile.counted import counted
from reconcile.report import NOTHING_CHANGED, day, files, month, table


def acts_built(result: ActsBuilt) -> list[str]:
    """The two documents, and their files."""
    total = result.statement.total
    # A transfer has a row for each kind that it was placed on, and one for what no request took.
    transfers = counted(len({(row.order_number, row.order_date) for row in result.act.rows}), "transfer")
    banks = (
        f"Appendix 2 of {month(result.month)}: transferred {_items(total.sent_count, total.sent)}, "
        f"returned {_items(total.returned_count, total.returned)}, paid {_items(total.paid_count, total.paid)}"
    )
    people = result.people
    beside = []
    if people is not None:
        beside.append(
            f"different people: transferred {people.sent_people}, returned {people.returned_people}, "
            f"paid {people.paid_people}"
        )
    return [
        f"Appendix 1 of {month(result.month)}: {transfers}, {format_tenge(result.act.total)} KZT",
        banks,
        *beside,
        *files(result.files),
    ]


def _items(count: int, amount: int) -> str:
    return f"{str(count).replace('-', '−')} / {format_tenge(amount)} KZT"


def signed(result: Signed) -> list[str]:
    """A signature."""
    one = result.signature
    is_official = one.role in ("deputy", "director")
    name = "Appendix 2" if is_official else _act(one.act_number)
    role = f"as {one.role}" if is_official else f"for the {one.role}"
    sentence = f"{name} of {month(one.month)} of {result.authority_code}: signed {role} on {day(one.signed_on)} "
    sentence += f"by {one.signer}"
    return [f"{sentence}; recorded before, {NOTHING_CHANGED}" if result.was_known else sentence]


def sent(result: Sent) -> list[str]:
    """Appendix 2 on its way."""
    sentence = f"Appendix 2 of {month(result.month)} of {result.authority_code}: sent on {day(result.sent_on)}"
    return [f"{sentence}; recorded before, {NOTHING_CHANGED}" if result.was_known else sentence]


def statuses(rows: Sequence[DocumentStatus], *, tabs: bool = False) -> list[str]:
    """Where the documents stand."""
    cells = [
        (
            one.authority,
            month(one.month),
            one.document,
            one.state,
            day(one.since) if one.since else "",
            one.who,
            one.what,
        )
        for one in rows
    ]
    if not cells:
        return ["no documents were built yet"]
    return table(("authority", "month", "document", "state", "since", "who", "what"), cells, tabs=tabs)


def checked(rows: Sequence[CheckedFile]) -> list[str]:
    """Files that are as they were built."""
    if not rows:
        return ["no documents were built yet"]
    months = len({(one.authority, one.month) for one in rows})
    return [f"{len(rows)} files of {months} {'month' if months == 1 else 'months'} are as they were built"]


_FINDINGS = {
    "agrees": "agrees",
    "missing_with_us": "the State Corporation has none",
    "missing_with_them": "the authority has none",
    "amount": "another amount",
    "kind": "another kind of aid",
}


def disputed(result: Disputed) -> list[str]:
    """The lines on which the sides differ, both totals, and the protocol."""
    protocol = result.protocol
    rows = [
        (
            str(line.line),
            line.order_number,
            day(line.order_date),
            format_tenge(line.ours),
            format_tenge(line.theirs),
            format_tenge(line.difference),
            "; ".join(filter(None, (_FINDINGS[line.finding], line.comment))),
        )
        for line in protocol.lines
    ]
    heading = ("line", "order", "dated", "ours, KZT", "theirs, KZT", "difference, KZT", "found")
    return [*table(heading, rows), *_sums(protocol, result), *files(result.files)]


def _sums(protocol: Protocol, result: Disputed) -> list[str]:
    whose = f"{_act(protocol.act_number)} of {month(protocol.month)} of {result.authority_code}"
    totals = (
        f"State Corporation {format_tenge(protocol.ours)}, authority {format_tenge(protocol.theirs)}, "
        f"difference {format_tenge(protocol.difference)} KZT"
    )
    if result.was_known:
        return [totals, f"dispute {protocol.number} about {whose} was recorded before, {NOTHING_CHANGED}"]
    return [totals, f"dispute {protocol.number} about {whose}: DISPUTED, nobody signs it until it ends"]


def _act(act_number: int) -> str:
    return f"corrective act No {act_number}" if act_number else "Appendix 1"


def settled(result: Settled) -> list[str]:
    """The end of a dispute, and what follows."""
    whose = f"{_act(result.act_number)} of {month(result.month)} of {result.authority_code}"
    sentence = f"dispute {result.dispute_number} about {whose} ended: {result.outcome}"
    if result.was_known:
        return [f"{sentence}; recorded before, {NOTHING_CHANGED}"]
    after = {
        "corrective_act": "next: sign the act, correct the placing in the open month, then: esep act correct",
        "explained": "next: both sides sign the act",
        "withdrawn": "next: both sides sign the act",
    }
    return [sentence, after[result.outcome]]


def corrected(result: Corrected) -> list[str]:
    """The rows that change, the totals, and the files."""
    value = result.value
    rows = [
        (
            str(row.code),
            row.order_number,
            day(row.order_date),
            row.aid_kk,
            format_tenge(row.signed),
            format_tenge(row.corrected),
            format_tenge(row.difference),
        )
        for row in value.rows
    ]
    heading = ("row", "order", "dated", "aid", "signed, KZT", "corrected, KZT", "difference, KZT")
    return [*table(heading, rows), *_corrective(value, result), *files(result.files)]


def _corrective(value: CorrectiveAct, result: Corrected) -> list[str]:
    name = f"corrective act No {value.number} to {month(value.month)} of {result.authority_code}"
    totals = (
        f"signed {format_tenge(value.signed)}, corrected {format_tenge(value.corrected)}, "
        f"difference {format_tenge(value.difference)} KZT"
    )
    if result.was_built:
        return [totals, f"{name} of {day(value.dated)} says so already, {NOTHING_CHANGED}"]
    return [totals, f"{name}, dated {day(value.dated)}: {value.reason}"]
