"""What a bank's refusal of a file says, told the same way by MT905 and by pacs.002.

A refusal is of a whole file: `:21:` of an MT905, or a pacs.002 whose message status (GrpSts) is RJCT. A report that
refuses single payments or says that something waits refuses nothing here: what the bank took and did not credit comes
back as returns.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from formats import mt9xx, pacs002
from formats.errors import Fault, FormatError
from formats.mx_status import REJECTED, GroupStatus

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A refused file by the reference that we gave it, the bank's reference of its message, its code and its words."""

    file_reference: str
    reference: str
    code: str
    reason: str


def read(data: bytes, source: str) -> list[Told]:
    """The refusals of a message file, each file once, in their order.

    Raises:
        FormatError: with every fault of the file, also for a message that refuses no whole file.
    """
    faults: list[Fault] = []
    is_xml = data.removeprefix(_BOM).lstrip().startswith(b"<")
    found = list(_of_xml(data, source, faults) if is_xml else _of_mt(data, source, faults))
    if faults:
        raise FormatError(source, faults)
    return list({one.file_reference: one for one in reversed(found)}.values())[::-1]


def fault(place: str, found: str, expected: str, remedy: str) -> Fault:
    """A fault of a refusal that was read, and does not fit."""
    return Fault(line=None, place=place, found=found, expected=expected, remedy=remedy)


def _of_mt(data: bytes, source: str, faults: list[Fault]) -> Iterator[Told]:
    for message in mt9xx.read(data, source):
        if isinstance(message, mt9xx.Refusal):
            reason = " ".join(message.text.split())
            yield Told(file_reference=message.related_reference, reference=message.reference, code="", reason=reason)
        else:
            expected, remedy = "MT905, a refusal", "give the file to the command for its type: esep format check"
            faults.append(fault("block 2", f"MT{message.header.message_type}", expected, remedy))


def _of_xml(data: bytes, source: str, faults: list[Fault]) -> Iterator[Told]:
    for message in pacs002.read(data, source):
        refused = [one for one in message.groups if one.status == REJECTED]
        if len(refused) < len(message.groups) or not refused:
            statuses = {one.status for one in message.groups} | {one.status for one in message.payments}
            said = ", ".join(sorted(statuses - {REJECTED} or statuses))
            expected = f"GrpSts {REJECTED}: the whole message is refused"
            remedy = (
                "nothing to import: what the bank took comes with the statement, what it did not credit with returns"
            )
            faults.append(fault("OrgnlGrpInfAndSts/GrpSts", said, expected, remedy))
        yield from (_of_group(one, message.message_id) for one in refused)


def _of_group(group: GroupStatus, reference: str) -> Told:
    codes = [one.reason.text for one in group.reasons if one.reason is not None and one.reason.text]
    words = " ".join(text for one in group.reasons for text in one.information)
    return Told(
        file_reference=group.original.message_id,
        reference=reference,
        code=", ".join(codes),
        reason=words or ", ".join(codes) or "no reason was given",
    )
