"""The authority's list as a sheet or as its account in 1C: what is read, and every fault of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from formats import onec, sheets
from formats.authority_list import AUTHORITY_LIST, Us, read
from formats.errors import FormatError

MARCH = date(2024, 3, 1)
US = Us(
    iban="KZ24009ESEP000000001",
    bin="160440007161",
    authority_iban="KZ73070A010100000001",
    authority_bin="230540100010",
)
HEADING = "side;order_number;order_date;amount;aid_kind;comment"


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "list.csv"
    path.write_bytes("\r\n".join([HEADING, *lines, ""]).encode("utf-8-sig"))
    return path


def document(
    direction: onec.Direction, number: str, amount: int, booked: date = date(2024, 3, 14), **values: Any
) -> onec.StatementLine:
    usual: dict[str, Any] = {
        "counterparty_bin": US.bin,
        "counterparty_iban": US.iban,
        "purpose": "Өтінім AST-2024-0001",
    }
    return onec.StatementLine(
        line=1,
        number=number,
        dated=booked,
        booked_on=booked,
        value_date=booked,
        amount=amount,
        direction=direction,
        counterparty_name="Тест",
        counterparty_bic="GCVPKZ2A",
        knp="027",
        **(usual | values),
    )


def account(folder: Path, *lines: onec.StatementLine, number: str = US.authority_iban) -> Path:
    """The statement of an account over these documents, with an opening balance that covers them."""
    sums = {way: sum(line.amount for line in lines if line.direction == way) for way in ("credit", "debit")}
    statement = onec.Statement(
        account=number,
        date_from=date(2024, 2, 28),
        date_to=date(2024, 4, 1),
        opening=sums["debit"],
        credited=sums["credit"],
        debited=sums["debit"],
        closing=sums["credit"],
        lines=tuple(replace(line, line=place) for place, line in enumerate(lines, start=1)),
    )
    path = folder / "account.txt"
    path.write_bytes(onec.write(statement, "utf-8"))
    return path


@pytest.mark.parametrize(
    ("word", "side"),
    [
        ("transfer", "transfer"),
        ("Перевод", "transfer"),
        ("АУДАРЫМ", "transfer"),
        ("refund", "refund"),
        ("возврат", "refund"),
        ("Қайтару", "refund"),
    ],
)
def test_a_side_in_three_languages(tmp_path: Path, word: str, side: str) -> None:
    listed = read(sheet(tmp_path, f"{word};00145;14.03.2024;1846000,00;;"), "list.csv", MARCH, US)
    (line,) = listed.lines
    assert (line.line, line.side, line.order_number, line.order_date) == (2, side, "00145", date(2024, 3, 14))
    assert (line.amount, line.aid_kind, line.comment) == (1_846_000_00, "", "")


def test_a_workbook_says_the_same_as_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    sheets.write_xlsx([("возврат", "77", "29.03.2024", "36920,00", "A", "екі адам")], path, AUTHORITY_LIST)
    csv = sheet(tmp_path, "возврат;77;29.03.2024;36920,00;A;екі адам")
    assert read(path, "list.xlsx", MARCH, US) == read(csv, "list.csv", MARCH, US)


def test_a_heading_alone_is_a_month_without_orders(tmp_path: Path) -> None:
    assert read(sheet(tmp_path), "list.csv", MARCH, US).lines == ()


def test_every_fault_of_a_sheet_is_named(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "debit;145;14.03.2024;1846000,00;;",
        "transfer;;14.03.2024;1846000.00;;",
        "transfer;147;31.02.2024;0,00;;",
        "transfer;148;01.04.2024;1,00;;",
    )
    with pytest.raises(FormatError) as refused:
        read(path, "list.csv", MARCH, US)
    assert [(fault.line, fault.place) for fault in refused.value.faults] == [
        (2, "side"),
        (3, "order_number"),
        (3, "amount"),
        (4, "order_date"),
        (4, "amount"),
        (5, "order_date"),
    ]
    with pytest.raises(FormatError, match=r"a day of 03.2024, of which the list is, or before it"):
        read(sheet(tmp_path, "transfer;148;01.04.2024;1,00;;"), "list.csv", MARCH, US)


def test_an_empty_file_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"")
    with pytest.raises(FormatError, match="at least the heading"):
        read(path, "list.csv", MARCH, US)


def test_the_authoritys_account(tmp_path: Path) -> None:
    """A debit that we got is a transfer, a credit that we sent a refund; the rest is counted."""
    other: dict[str, Any] = {"counterparty_bin": "230640999996", "counterparty_iban": "KZ076017A99999999900"}
    path = account(
        tmp_path,
        document("debit", "140", 100_00, date(2024, 2, 28)),
        document("debit", "145", 1_846_000_00),
        document("debit", "9", 55_00, **other),
        document("credit", "77", 36_920_00, date(2024, 3, 29), counterparty_iban=""),
    )
    listed = read(path, "account.txt", MARCH, US)
    assert [(line.line, line.side, line.order_number, line.amount) for line in listed.lines] == [
        (2, "transfer", "145", 1_846_000_00),
        (4, "refund", "77", 36_920_00),
    ]
    assert (listed.not_ours, listed.other_months) == (1, 1)


def test_the_account_of_another_is_refused(tmp_path: Path) -> None:
    path = account(tmp_path, document("debit", "145", 1_846_000_00), number="KZ46070A010100000002")
    with pytest.raises(FormatError, match="the authority's account KZ73070A010100000001"):
        read(path, "account.txt", MARCH, US)
