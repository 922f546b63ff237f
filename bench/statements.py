"""How fast the debits of sent files are reconciled, beside the MT940 worker of OpenG2P in the same run.

    python bench/statements.py --lines 10000 --peer VENV

So many files are in the books and so many debits come, each naming its file. Esep reads the statement, matches every
line by reference, amount, date and other side, posts, chains and proves it; the worker reads the same lines as MT940
and looks up each by its reference. VENV is an environment of the worker's own (see `bench/openg2p_worker.py`); without
it only Esep is measured. Medians of the runs; the worker is run once, it takes minutes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fixtures.scenarios.play import GOLDEN_SETUP  # noqa: E402 - the packages stand beside this folder
from formats import onec  # noqa: E402
from ledgers import db, posting  # noqa: E402
from ledgers.books import OpenBooks  # noqa: E402
from ledgers.journal import EntryDraft, Event  # noqa: E402
from reconcile import setup, statement  # noqa: E402
from reconcile.archive import Archive  # noqa: E402
from reconcile.desk import Desk  # noqa: E402

DAY = date(2024, 3, 18)
BIC = "HSBKKZKX"
RUNS = 3


def main() -> None:
    """Measure and print one row of a table."""
    parser = argparse.ArgumentParser(description="Measure the import of a statement of many debits.")
    parser.add_argument("--lines", type=int, required=True, help="debits of the statement")
    parser.add_argument("--peer", type=Path, help="virtual environment of the OpenG2P worker")
    given = parser.parse_args()
    amounts = [18_460_00 + number for number in range(given.lines)]
    seconds = [_ours(amounts) for _ in range(RUNS)]
    ours = given.lines / median(seconds)
    print("| lines | Esep, s | lines/s | OpenG2P worker, s | lines/s | times |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    if given.peer is None:
        print(f"| {given.lines} | {median(seconds):.2f} | {ours:.0f} | - | - | - |")
        return
    theirs = _theirs(amounts, given.peer)
    rate = given.lines / theirs
    print(f"| {given.lines} | {median(seconds):.2f} | {ours:.0f} | {theirs:.1f} | {rate:.0f} | {ours / rate:.1f} |")


def _reference(number: int) -> str:
    return f"GCVP-001{number + 1:08d}"


def _ours(amounts: list[int]) -> float:
    with tempfile.TemporaryDirectory(prefix="esep-bench-") as folder:
        location = db.Location(home=Path(folder))
        db.initialise(location)
        with db.opened(location) as database:
            desk = Desk(database=database, archive=Archive(Path(folder) / "archive"), actor="bench", today=DAY)
            setup.import_file(desk, GOLDEN_SETUP)
            _send(desk, amounts)
            file = Path(folder) / "statement.txt"
            file.write_bytes(onec.write(_statement(amounts), "cp1251"))
            began = time.perf_counter()
            result = statement.import_file(desk, file)
            seconds = time.perf_counter() - began
        if result.unplaced or sum(one.count for one in result.placed) != len(amounts):
            raise SystemExit("the debits were not all settled, the time counts for nothing")
    return seconds


def _send(desk: Desk, amounts: list[int]) -> None:
    """Put money and the files into the books, as the verbs would have."""
    with desk.database.begin() as connection:
        books = OpenBooks(connection, [0, 1], today=DAY)
        funded = Event(rule="transfer_placed", aid_kind="A", credit_reference="R", amount=sum(amounts))
        books.enter(1, _draft("funded"), {}, [funded])
        orders = [
            {
                "order_number": number + 1,
                "message": "MT-102",
                "reference": _reference(number),
                "aid_kind": "A",
                "bic": BIC,
                "dated": DAY,
                "count": 1,
                "amount": amount,
                "file_name": f"{number + 1}.txt",
            }
            for number, amount in enumerate(amounts)
        ]
        number = posting.next_number(connection, 1)
        own = {"authority_id": 1, "entry_number": number}
        posting.append(connection, "payment_order", [order | own for order in orders])
        sent = [
            Event(
                rule="payment_sent",
                aid_kind="A",
                debit_reference="R",
                credit_reference=str(order["reference"]),
                amount=int(str(order["amount"])),
            )
            for order in orders
        ]
        posting.post(connection, 1, number, DAY, sent)
        posting.seal(connection, 1, number, _draft("sent"), ["payment_order"])


def _draft(key: str) -> EntryDraft:
    return EntryDraft(
        kind="money_moved",
        booked_on=DAY,
        value_date=DAY,
        actor="bench",
        source_key=key,
        source_digest=posting.digest(key),
        summary=key,
    )


def _statement(amounts: list[int]) -> onec.Statement:
    golden: dict[str, Any] = tomllib.loads(GOLDEN_SETUP.read_text("utf-8"))
    bank = next(one for one in golden["bank"] if one["bic"] == BIC)
    line = onec.StatementLine(
        line=1,
        number="1",
        dated=DAY,
        booked_on=DAY,
        value_date=DAY,
        amount=1,
        direction="debit",
        counterparty_name=bank["name_ru"],
        counterparty_bin=bank["bin"],
        counterparty_iban=bank["transit_iban"],
        counterparty_bic=bank["bic"],
        knp="027",
        purpose="",
    )
    lines = [
        replace(
            line,
            line=number + 1,
            number=str(number + 1),
            amount=amount,
            purpose=f"Социальная помощь реф {_reference(number)}",
        )
        for number, amount in enumerate(amounts)
    ]
    total = sum(amounts)
    return onec.Statement(
        account=golden["corporation"]["iban"],
        date_from=DAY,
        date_to=DAY,
        opening=total,
        credited=0,
        debited=total,
        closing=0,
        lines=tuple(lines),
    )


def _theirs(amounts: list[int], peer: Path) -> float:
    """The worker's own time; it must have found every line."""
    with tempfile.TemporaryDirectory(prefix="esep-bench-") as folder:
        location = db.Location(home=Path(folder))
        db.initialise(location)
        head = [":20:S1", ":25:KZ076017A99999999900", ":28C:1/1", ":60F:C240318KZT999999999999,00"]
        lines = []
        for number, amount in enumerate(amounts):
            tenge, tiyn = divmod(amount, 100)
            lines += [f":61:2403180318D{tenge},{tiyn:02d}NTRF{_reference(number)}//B{number:010d}", ":86:a\nb\nc\nd\ne"]
        file, sent = Path(folder) / "s.mt940", Path(folder) / "sent.csv"
        file.write_text("\n".join([*head, *lines, ":62F:C240318KZT0,00", "-"]), encoding="utf-8")
        sent.write_text("\n".join(f"{_reference(n)};{a / 100:.2f}" for n, a in enumerate(amounts)), encoding="utf-8")
        with db._running(location, make=False) as server:  # noqa: SLF001 - the rival works on the same server
            if server is None:
                raise SystemExit("the embedded server did not start")
            url = db._socket_url(server, "postgres").set(  # noqa: SLF001
                drivername="postgresql+psycopg2", database="postgres"
            )
            worker = [peer / "bin" / "python", ROOT / "bench" / "openg2p_worker.py"]
            answer = subprocess.run(
                [*worker, url.render_as_string(hide_password=False), file, sent],
                check=True,
                capture_output=True,
                text=True,
            )
    told = json.loads(answer.stdout)
    if len(told["reconciled"]) != len(amounts):
        raise SystemExit(f"the worker did not find every line: {told['status']}, {told['error']}")
    return float(told["seconds"])


if __name__ == "__main__":
    main()
