"""MT-102 files go out when the money has come, in the bank's charset (R-050 to R-052)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats import mt102, onec
from formats.errors import FormatError
from ledgers.errors import Overdrawn
from reconcile import award, order, statement
from reconcile.archive import ArchiveDamaged, digest_of
from reconcile.desk import Desk
from reconcile.order import NotEnoughMoney
from tests.reconcile.golden import IN, STORY, at, balance, counts, play
from tests.reconcile.test_award import rows, write

DAY = date(2024, 3, 18)


def read(path: Path) -> mt102.Mt102:
    (message,) = mt102.read(path.read_bytes(), path.name)
    return message


def test_one_file_for_each_kind_and_bank(desk: Desk, tmp_path: Path) -> None:
    result = play(desk, "orders", tmp_path)
    assert [(o.order_number, o.aid_kind, o.bic, o.count, o.amount) for o in result.orders] == [
        (71, "A", "HSBKKZKX", 60, 1_107_600_00),
        (72, "A", "CASPKZKA", 30, 553_800_00),
        (73, "A", "KPSTKZKA", 10, 184_600_00),
        (74, "B", "HSBKKZKX", 25, 184_600_00),
        (75, "B", "CASPKZKA", 15, 110_760_00),
    ]
    assert (balance(desk, "funding"), balance(desk, "transit")) == (0, 2_141_360_00)


def test_a_file_says_what_the_register_says(desk: Desk, tmp_path: Path) -> None:
    result = play(desk, "orders", tmp_path)
    people = {line["iin"]: line for line in rows()}
    for sent in result.orders:
        message = read(tmp_path / sent.file_name)
        assert (message.header.reference, message.header.number) == (sent.reference, str(sent.order_number))
        assert (len(message.items), message.total) == (sent.count, sent.amount)
        assert message.header.beneficiary.bic == sent.bic
        for item in message.items:
            line = people.pop(item.idn)
            assert (item.surname, item.first_name, item.account) == (line["surname"], line["first_name"], line["iban"])
    assert people == {}, "every person is in exactly one file"


def test_items_stand_in_the_order_of_decision_and_person(desk: Desk, tmp_path: Path) -> None:
    """AMB-13: by decision date, decision number, IIN."""
    play(desk, "orders", tmp_path)
    message = read(tmp_path / "GCVP-00100000071-HSBKKZKX.txt")
    assert [item.number for item in message.items] == list(range(1, 61))
    assert [item.idn for item in message.items] == sorted(item.idn for item in message.items)


def test_nothing_is_sent_before_the_money_came(desk: Desk, tmp_path: Path) -> None:
    """E49: an MT-102 dated 13.03.2024 with a transfer of 14.03.2024."""
    play(desk, "transfers", tmp_path)
    before = counts(desk)
    with pytest.raises(Overdrawn, match=r"13\.03\.2024"):
        order.send(at(desk, date(2024, 3, 13)), tmp_path)
    assert counts(desk) == before
    assert not list(tmp_path.glob("GCVP-*"))


def test_without_any_money_nothing_waits(desk: Desk, tmp_path: Path) -> None:
    play(desk, "request", tmp_path)
    assert order.send(at(desk, DAY), tmp_path).orders == ()


def short_statement(tmp_path: Path, **amounts: int) -> Path:
    """The statement of 14.03.2024 with other amounts for payment orders 145 and 146 (tiyn)."""
    from dataclasses import replace

    original = onec.read((IN / "statement-2024-03-14.txt").read_bytes(), "statement")
    by_number = {f"po{line.number}": line for line in original.lines}
    lines = tuple(replace(by_number[number], amount=amount) for number, amount in amounts.items())
    total = sum(line.amount for line in lines)
    changed = replace(
        original,
        credited=total,
        closing=total,
        lines=tuple(replace(line, line=place) for place, line in enumerate(lines, start=1)),
    )
    path = tmp_path / "short.txt"
    path.write_bytes(onec.write(changed, "cp1251"))
    return path


def test_an_mt102_without_enough_money_is_refused_with_need_and_means(desk: Desk, tmp_path: Path) -> None:
    play(desk, "setup", tmp_path)
    award.import_file(at(desk, date(2024, 3, 6)), write(tmp_path / "only-a.csv", rows()[:100]))
    play(desk, "request", tmp_path, after="awards")
    statement.import_file(at(desk, date(2024, 3, 14)), short_statement(tmp_path, po145=18_459_99))
    before = counts(desk)
    with pytest.raises(NotEnoughMoney) as refusal:
        order.send(at(desk, DAY), tmp_path)
    (short,) = refusal.value.short
    assert (short.aid_kind, short.count, short.needed, short.available) == ("A", 100, 1_846_000_00, 18_459_99)
    assert counts(desk) == before


def test_a_kind_whose_money_came_in_part_is_paid_in_part_beside_one_that_is_paid_whole(
    desk: Desk, tmp_path: Path
) -> None:
    play(desk, "request", tmp_path)
    for amounts in ({"po146": 295_360_00}, {"po145": 1_000_000_00}):
        statement.import_file(at(desk, date(2024, 3, 14)), short_statement(tmp_path, **amounts))
    result = order.send(at(desk, DAY), tmp_path)
    paid = {kind: sum(one.amount for one in result.orders if one.aid_kind == kind) for kind in "AB"}
    assert paid == {"A": 54 * 18_460_00, "B": 295_360_00}
    (short,) = result.short
    assert (short.aid_kind, short.paid_count, short.rest) == ("A", 54, 1_000_000_00 - 54 * 18_460_00)


def test_sending_again_sends_nothing_twice_but_writes_a_missing_file(desk: Desk, tmp_path: Path) -> None:
    play(desk, "orders", tmp_path)
    before = counts(desk)
    lost = tmp_path / "GCVP-00100000073-KPSTKZKA.txt"
    octets = lost.read_bytes()
    lost.unlink()
    again = order.send(at(desk, DAY), tmp_path)
    assert again.orders == ()
    assert [file.path for file in again.files if file.written] == [lost]
    assert lost.read_bytes() == octets
    assert counts(desk) == before


def test_a_dry_run_says_what_would_be_sent_and_records_nothing(desk: Desk, tmp_path: Path) -> None:
    play(desk, "transfers", tmp_path)
    before = counts(desk)
    result = order.send(at(desk, DAY), tmp_path, dry_run=True)
    assert (len(result.orders), result.files) == (5, ())
    assert counts(desk) == before
    assert not list(tmp_path.glob("GCVP-*"))


def test_letters_that_the_banks_charset_lacks_refuse_the_command_with_all_of_them(desk: Desk, tmp_path: Path) -> None:
    play(desk, "setup", tmp_path)
    lines = rows()
    lines[0]["surname"] = "Ñandú"
    lines[70]["first_name"] = "Łucja"
    award.import_file(at(desk, date(2024, 3, 6)), write(tmp_path / "decisions.csv", lines))
    play(desk, "transfers", tmp_path, after="awards")
    before = counts(desk)
    with pytest.raises(FormatError) as refusal:
        order.send(at(desk, DAY), tmp_path)
    assert Counter(fault.found.split()[0].strip("'") for fault in refusal.value.faults) == Counter(
        ["/FM/Ñandú", "/NM/Łucja"]
    )
    assert counts(desk) == before


def test_a_bank_with_a_limit_of_items_gets_numbered_siblings(desk: Desk, tmp_path: Path) -> None:
    play(desk, "setup", tmp_path)
    setup = (STORY / "setup.toml").read_text("utf-8").replace("items_max = 0", "items_max = 25", 1)
    (tmp_path / "setup.toml").write_text(setup, encoding="utf-8")
    from reconcile import setup as setup_verb

    setup_verb.import_file(at(desk, date(2024, 3, 2)), tmp_path / "setup.toml")
    result = play(desk, "orders", tmp_path, after="setup")
    assert [(o.order_number, o.bic, o.count) for o in result.orders if o.aid_kind == "A"] == [
        (71, "HSBKKZKX", 25),
        (72, "HSBKKZKX", 25),
        (73, "HSBKKZKX", 10),
        (74, "CASPKZKA", 30),
        (75, "KPSTKZKA", 10),
    ]
    assert [item.number for item in read(tmp_path / result.orders[1].file_name).items] == list(range(1, 26))


def test_a_resend_goes_to_the_corrected_account_as_the_second_attempt(desk: Desk, tmp_path: Path) -> None:
    result = play(desk, "resend", tmp_path)
    (sent,) = result.orders
    assert (sent.order_number, sent.bic, sent.count, sent.amount) == (76, "CASPKZKA", 1, 18_460_00)
    (item,) = read(tmp_path / sent.file_name).items
    with (IN / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        first = next(line for line in csv.DictReader(file, delimiter=";") if line["iin"] == item.idn)
    assert first["iban"] != item.account
    assert item.account[4:7] == "722"
    with desk.database.begin() as connection:
        attempts = connection.execute(
            text("""
                SELECT p.attempt, p.version FROM esep.payment p
                JOIN esep.award_line w USING (authority_id, due_month, award_number, version)
                WHERE w.iin = :iin ORDER BY p.attempt
            """),
            {"iin": item.idn},
        ).all()
    assert attempts == [(1, 1), (2, 2)]


def test_files_that_the_bank_debited_are_not_written_again(desk: Desk, tmp_path: Path) -> None:
    play(desk, "settled", tmp_path)
    pickup = tmp_path / "pickup"
    assert order.send(at(desk, DAY), pickup).files == ()
    assert not pickup.exists()


def test_files_lost_by_a_kill_are_written_even_when_nothing_can_be_sent(desk: Desk, tmp_path: Path) -> None:
    """A command killed between its commit and its last file: the next run completes it, whatever else waits."""
    play(desk, "request", tmp_path)
    for amounts in ({"po146": 295_360_00}, {"po145": 1_000_000_00}):
        statement.import_file(at(desk, date(2024, 3, 14)), short_statement(tmp_path, **amounts))
    sent = order.send(at(desk, DAY), tmp_path / "lost").orders
    with pytest.raises(NotEnoughMoney):
        order.send(at(desk, DAY), tmp_path / "found")
    assert {file.name for file in (tmp_path / "found").iterdir()} == {one.file_name for one in sent}


def test_a_dry_run_leaves_no_file_in_the_archive_either(desk: Desk, tmp_path: Path) -> None:
    play(desk, "transfers", tmp_path)
    before = {file for file in desk.archive.folder.rglob("*") if file.is_file()}
    order.send(at(desk, DAY), tmp_path, dry_run=True)
    assert {file for file in desk.archive.folder.rglob("*") if file.is_file()} == before


def test_a_file_changed_in_the_archive_is_not_delivered(desk: Desk, tmp_path: Path) -> None:
    (first, *_) = play(desk, "orders", tmp_path).orders
    lost = tmp_path / first.file_name
    archived = desk.archive.path(digest_of(lost))
    archived.write_bytes(archived.read_bytes().replace(b"KZ", b"XX"))
    lost.unlink()
    with pytest.raises(ArchiveDamaged, match=first.file_name):
        order.send(at(desk, DAY), tmp_path)
    assert not lost.exists()
