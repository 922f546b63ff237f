"""What becomes of the documents of a month: signatures in order, sent, states, bytes that are as built (R-072)."""

from datetime import date
from pathlib import Path

import pytest

from ledgers.act_life import Role
from ledgers.errors import EntryConflict, NotPermitted
from ledgers.verify import verify
from reconcile import act, act_report, act_sign, act_status
from reconcile.act import NoActs
from reconcile.act_papers import UnknownAct
from reconcile.act_sign import ImpossibleDay, NobodySigned, SignedOtherwise
from reconcile.act_status import DocumentsChanged
from reconcile.desk import Desk
from tests.ledgers.story_rows import MONTH
from tests.reconcile.acts import BUILT, SIGNED, SIGNERS, built, on, sign
from tests.reconcile.bank import counts


def states(desk: Desk) -> list[tuple[str, str, date | None, str]]:
    with desk.database.begin() as connection:
        found = act_status.status(connection, "AST", MONTH)
    return [(one.document, one.state, one.since, one.who) for one in found]


def test_the_states_follow_the_signatures(desk: Desk, tmp_path: Path) -> None:
    """Appendix 1 DRAFT → SIGNED_SC → SIGNED_BOTH; Appendix 2 DRAFT → SIGNED_DEPUTY → SIGNED_DIRECTOR → SENT."""
    assert states(desk_with_nothing(desk)) == [("Appendix 1", "OPEN", None, ""), ("Appendix 2", "OPEN", None, "")]
    built(desk, tmp_path)
    assert states(desk) == [("Appendix 1", "DRAFT", BUILT, "tester"), ("Appendix 2", "DRAFT", BUILT, "tester")]
    sign(desk, "corporation")
    assert states(desk)[0] == ("Appendix 1", "SIGNED_SC", SIGNED, SIGNERS["corporation"])
    sign(desk, "authority", "deputy")
    assert [state for _, state, _, _ in states(desk)] == ["SIGNED_BOTH", "SIGNED_DEPUTY"]
    sign(desk, "director")
    assert states(desk)[1] == ("Appendix 2", "SIGNED_DIRECTOR", SIGNED, SIGNERS["director"])
    sent = act_sign.sent(on(desk, date(2024, 4, 16)), "AST", MONTH, date(2024, 4, 16))
    assert not sent.was_known
    assert states(desk)[1][:3] == ("Appendix 2", "SENT", date(2024, 4, 16))
    with desk.database.begin() as connection:
        assert verify(connection).is_sound


def desk_with_nothing(desk: Desk) -> Desk:
    from reconcile import setup
    from tests.ledgers.stories import GOLDEN

    setup.import_file(desk, GOLDEN)
    return desk


def test_the_authority_may_sign_first(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path)
    sign(desk, "authority")
    assert states(desk)[0][1] == "SIGNED_AUTHORITY"
    sign(desk, "corporation")
    assert states(desk)[0][1] == "SIGNED_BOTH"


def test_the_same_signature_again_changes_nothing_and_another_is_refused(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path)
    sign(desk, "corporation")
    rows = counts(desk)
    again = act_sign.sign(on(desk, date(2024, 5, 2)), "AST", MONTH, "corporation", SIGNERS["corporation"], SIGNED)
    assert again.was_known
    assert act_report.signed(again) == [
        (
            "Appendix 1 of 03.2024 of AST: signed for the corporation on 15.04.2024 by Мұқанова Сәуле; "
            "recorded before, nothing changed"
        )
    ]
    with pytest.raises(SignedOtherwise, match=r"corporation signed it already: Мұқанова Сәуле on 15.04.2024"):
        act_sign.sign(on(desk, SIGNED), "AST", MONTH, "corporation", "Ким Анна", SIGNED)
    assert counts(desk) == rows


REFUSED: list[tuple[Role, str, date, type[Exception], str]] = [
    ("director", "Сәрсенбаев Ғалым", SIGNED, NotPermitted, "deputy director signs Appendix 2 before the director"),
    ("corporation", "tester", SIGNED, NotPermitted, "tester built the document and cannot sign it"),
    ("corporation", "Ким Анна", date(2024, 4, 1), ImpossibleDay, "the document was built on 02.04.2024"),
    ("corporation", "Ким Анна", date(2024, 4, 16), ImpossibleDay, "today is 15.04.2024"),
    ("corporation", "  ", SIGNED, NobodySigned, "name the person with --signer"),
]


@pytest.mark.parametrize(("role", "signer", "day", "refusal", "sentence"), REFUSED)
def test_a_signature_that_cannot_be_is_refused(
    desk: Desk, tmp_path: Path, role: Role, signer: str, day: date, refusal: type[Exception], sentence: str
) -> None:
    """R-072: nobody signs what they made; the deputy before the director."""
    built(desk, tmp_path)
    rows = counts(desk)
    with pytest.raises(refusal, match=sentence):
        act_sign.sign(on(desk, SIGNED), "AST", MONTH, role, signer, day)
    assert counts(desk) == rows


def test_nobody_signs_for_two(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path)
    sign(desk, "corporation", "deputy")
    for role, name in (("authority", SIGNERS["corporation"]), ("director", SIGNERS["deputy"])):
        with pytest.raises(NotPermitted, match="nobody signs it for two"):
            act_sign.sign(on(desk, SIGNED), "AST", MONTH, role, name, SIGNED)  # type: ignore[arg-type]


def test_what_was_not_built_is_not_signed(desk: Desk, tmp_path: Path) -> None:
    desk_with_nothing(desk)
    with pytest.raises(NoActs, match="esep act build --authority AST --month 2024-03"):
        sign(desk, "corporation")
    built(desk, tmp_path)
    with pytest.raises(UnknownAct, match=r"no corrective act No 1 to 03.2024 of AST; there are 0"):
        sign(desk, "corporation", act_number=1)


def test_appendix_2_is_sent_after_the_director_signed(desk: Desk, tmp_path: Path) -> None:
    """R-071."""
    built(desk, tmp_path)
    sign(desk, "deputy")
    with pytest.raises(NotPermitted, match="sent after the director signed it"):
        act_sign.sent(on(desk, SIGNED), "AST", MONTH, SIGNED)
    sign(desk, "director")
    with pytest.raises(NotPermitted, match="sent after the director signed it"):
        act_sign.sent(on(desk, SIGNED), "AST", MONTH, date(2024, 4, 14))
    act_sign.sent(on(desk, SIGNED), "AST", MONTH, SIGNED)
    rows = counts(desk)
    assert act_sign.sent(on(desk, date(2024, 4, 18)), "AST", MONTH, SIGNED).was_known
    with pytest.raises(EntryConflict):
        act_sign.sent(on(desk, date(2024, 4, 18)), "AST", MONTH, date(2024, 4, 16))
    assert counts(desk) == rows


def test_one_changed_byte_is_a_red_flag_and_the_original_comes_from_the_archive(desk: Desk, tmp_path: Path) -> None:
    """E76: in a copy and in the archive itself."""
    out = tmp_path / "out"
    built(desk, out)
    sign(desk, "corporation", "authority")
    assert act_report.checked(act_status.check(desk, "AST", MONTH, out)) == [
        "20 files of 1 month are as they were built"
    ]
    copy = out / "act-AST-2024-03-kk.pdf"
    original = copy.read_bytes()
    changed = bytearray(original)
    changed[len(changed) // 2] ^= 1
    copy.write_bytes(changed)
    with pytest.raises(
        DocumentsChanged, match=r"RED FLAG: 1 document not as built:\n.*act-AST-2024-03-kk.pdf was chan"
    ):
        act_status.check(desk, "AST", MONTH, out)
    again = act.build(on(desk, date(2024, 4, 20)), "AST", MONTH, out)
    assert [file.path.name for file in again.files if file.written] == [copy.name]
    assert copy.read_bytes() == original
    [pdf] = [one for one in act_status.check(desk, None, None, out) if one.file_name == copy.name]
    kept = desk.archive.path(bytes.fromhex(pdf.sha256))
    kept.write_bytes(changed)
    with pytest.raises(DocumentsChanged, match=r"was changed in the archive .*restore the archive from its copy"):
        act_status.check(desk, None, MONTH)
    kept.unlink()
    with pytest.raises(DocumentsChanged, match="is missing from the archive"):
        act_status.check(desk, "AST", None)
