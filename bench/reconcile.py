"""How long the reconciliations take, each beside a rival in the same run on the same data.

    python bench/reconcile.py --payees 1000000

(a) So many payees against as many lines of a bank's crediting register: 97 % name order and item, 2 % are found by the
other rules, 1 % are differences. Measured is `crediting.match_book` with its commit: every rule, the matches stored
with the check of the database, the entry sealed. The rival is one hash join of the same two tables in DuckDB, once with
its result stored in DuckDB's own file, once copied into a bare table of the same PostgreSQL. Medians of three; DuckDB
is installed into an environment in the temporary folder, or `--rival` names a Python that has it.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import Connection, Engine, text  # noqa: E402

from ledgers import crediting_breaks, db, posting  # noqa: E402 - the packages stand beside this folder
from ledgers.crediting_matches import Found  # noqa: E402
from ledgers.journal import EntryDraft  # noqa: E402
from reconcile import crediting, setup  # noqa: E402
from reconcile.archive import Archive  # noqa: E402
from reconcile.desk import Desk  # noqa: E402

RUNS = 3
SEED = 2024
ORDER_ITEMS = 20_000
FIRST_ORDER = 1_000
AMOUNTS = (18_460_00, 7_384_00, 22_152_00, 36_920_00)
BIC, MONTH, SENT, CREDITED = "HSBKKZKX", date(2024, 3, 1), date(2024, 3, 18), date(2024, 3, 19)
GOLDEN = ROOT / "fixtures" / "golden_march_2024" / "setup.toml"
DUCKDB = "duckdb==2.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """A payment with its payee; the amount in tiyn."""

    order: int
    item: int
    iin: str
    iban: str
    amount: int


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Measure the reconciliations beside their rivals.")
    parser.add_argument("--payees", type=int, required=True, help="payees, and lines of the register")
    parser.add_argument("--rival", type=Path, help="a Python that has DuckDB")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="esep-bench-") as name:
        folder = Path(name)
        rival = given.rival or _rival_python(folder)
        home = folder / "home"
        db.initialise(db.Location(home=home))
        with db.opened(db.Location(home=home)) as database, db.owned(db.Location(home=home)) as owner:
            desk = Desk(database=database, archive=Archive(home / "archive"), actor="bench", today=date(2024, 3, 20))
            setup.import_file(desk, GOLDEN)
            _fill(desk, owner, folder, given.payees)
            _compare(desk, owner, folder, rival, given.payees)


def payees(count: int) -> Iterator[Payee]:
    """So many payees, the same for the same number: no two have an IIN or an account in common."""
    chance = random.Random(SEED)
    for place in range(count):
        order, item = divmod(place, ORDER_ITEMS)
        number = place * 7_368_787 % 10**9
        yield Payee(
            order=FIRST_ORDER + order,
            item=item + 1,
            iin=f"8{number:011d}",
            iban=f"KZ{number % 97:02d}601{number:013d}",
            amount=chance.choice(AMOUNTS),
        )


def lines(people: Sequence[Payee]) -> list[tuple[str, int, str, str, int]]:
    """The bank's lines in no order: order reference, item, IIN, IBAN, amount; 2 % say less, 1 % say something else."""
    chance = random.Random(SEED + 1)
    found = []
    for one in people:
        reference = f"GCVP-001{one.order:08d}"
        case = chance.random() * 100
        exact = (reference, one.item, one.iin, one.iban, one.amount)
        if case >= 3:
            found.append(exact)
        elif case >= 1:
            found += _less(one, reference, case - 1)
        else:
            found += _other(one, reference, case)
    chance.shuffle(found)
    return found


def _less(one: Payee, reference: str, case: float) -> list[tuple[str, int, str, str, int]]:
    """What the rules after the first find."""
    if case < 0.8:
        return [(reference, 0, one.iin, one.iban, one.amount)]
    if case < 1.2:
        return [(reference, 0, "", one.iban, one.amount)]
    if case < 1.8:
        return [("", 0, one.iin, one.iban, one.amount)]
    part = one.amount // 3
    return [(reference, 0, one.iin, one.iban, amount) for amount in (part, one.amount - part)]


def _other(one: Payee, reference: str, case: float) -> list[tuple[str, int, str, str, int]]:
    """Differences: amount, account, person, twice, nobody, or not credited at all."""
    if case < 0.3:
        return [(reference, one.item, one.iin, one.iban, one.amount + 180_00)]
    if case < 0.5:
        return [(reference, one.item, one.iin, f"KZ99601{int(one.iin[1:]):013d}", one.amount)]
    if case < 0.6:
        return [(reference, one.item, f"9{one.iin[1:]}", one.iban, one.amount)]
    if case < 0.7:
        return [(reference, one.item, one.iin, one.iban, one.amount)] * 2
    if case < 0.9:
        return [(reference, 0, f"7{one.iin[1:]}", f"KZ98601{int(one.iin[1:]):013d}", one.amount)]
    return []


def _fill(desk: Desk, owner: Engine, folder: Path, count: int) -> None:
    """Payments and a register of the bank, stored as the verbs store them."""
    people = list(payees(count))
    desk.database.open_months([MONTH.isoformat()])
    said = lines(people)
    with desk.database.begin() as connection:
        posting.lock(connection, [1])
        number = posting.next_number(connection, 1)
        _payments(connection, people, number)
        _seal(
            connection,
            number,
            "orders_sent",
            {"payment": "f.due_month = '2024-03-01'", "award_line": "f.due_month = '2024-03-01'", "payment_order": ""},
        )
        _register(connection, said, number + 1)
        _seal(
            connection, number + 1, "crediting_imported", {"crediting": "", "crediting_line": "f.crediting_number = 1"}
        )
    with owner.begin() as connection:
        # What the server does by itself in the night.
        connection.exec_driver_sql("ANALYZE esep.payment, esep.award_line, esep.crediting_line")
        connection.exec_driver_sql("CREATE SCHEMA bench")
        connection.exec_driver_sql("CREATE TABLE bench.bare (order_number integer, item integer, line integer)")
    with (folder / "payments.csv").open("w") as file:
        file.writelines(f"{one.order},{one.item},{one.iin},{one.iban},{one.amount}\n" for one in people)
    with (folder / "lines.csv").open("w") as file:
        for line, (reference, item, iin, iban, amount) in enumerate(said, start=2):
            file.write(f"{line},{reference[8:]},{item},{iin},{iban},{amount}\n")


def _payments(connection: Connection, people: Sequence[Payee], number: int) -> None:
    connection.execute(
        text("""
            CREATE TEMP TABLE bench_payee (place integer, order_number integer, item integer, iin text, iban text,
                                           amount bigint) ON COMMIT DROP
        """)
    )
    cursor: Any = connection.connection.cursor()
    with cursor.copy("COPY pg_temp.bench_payee FROM STDIN") as copy:
        for place, one in enumerate(people, start=1):
            copy.write(f"{place}\t{one.order}\t{one.item}\t{one.iin}\t{one.iban}\t{one.amount}\n")
    bind = {"number": number, "bic": BIC, "sent": SENT}
    for statement in _STORE:
        connection.execute(text(statement), bind)


_STORE = (
    """
    INSERT INTO esep.award_line
    SELECT 1, '2024-03-01', 20000000 + place, 1, :number, place, '2024-15', '2024-03-05', 'Д.Ә.', 'Е-' || place,
           'E-SOBES', 'A', amount, iin, 'Тестова', 'Айгүл', '', '1980-01-01', 'F', '0101', '05', 'Астана', :bic, iban,
           '+77000000000', '', '', '', ''
    FROM pg_temp.bench_payee
    """,
    """
    INSERT INTO esep.payment_order
    SELECT 1, order_number, :number, 'MT-102', 'GCVP-001' || lpad(order_number::text, 8, '0'), 'A', :bic,
           CAST(:sent AS date), count(*), sum(amount), order_number || '.txt'
    FROM pg_temp.bench_payee GROUP BY order_number
    """,
    """
    INSERT INTO esep.payment
    SELECT 1, '2024-03-01', 20000000 + place, 1, 1, :number, order_number, item, 1, amount FROM pg_temp.bench_payee
    """,
)


def _register(connection: Connection, said: Sequence[tuple[str, int, str, str, int]], number: int) -> None:
    head = {"number": number, "bic": BIC, "dated": CREDITED, "count": len(said), "amount": sum(one[4] for one in said)}
    connection.execute(
        text("INSERT INTO esep.crediting VALUES (1, 1, :number, :bic, '17', :dated, :count, :amount, '')"), head
    )
    cursor: Any = connection.connection.cursor()
    with cursor.copy("COPY esep.crediting_line FROM STDIN") as copy:
        for line, (reference, item, iin, iban, amount) in enumerate(said, start=2):
            copy.write(
                f"1\t1\t{line}\t{number}\t{reference}\t{item}\t{iin}\tТЕСТ\t{iban}\t{amount}\tcredited\t{CREDITED}\t\n"
            )


def _seal(connection: Connection, number: int, kind: Any, wrote: dict[str, str]) -> None:
    draft = EntryDraft(
        kind=kind,
        booked_on=SENT,
        value_date=SENT,
        actor="bench",
        source_key=f"bench:{number}",
        source_digest=bytes(32),
        summary=kind,
    )
    posting.seal(connection, 1, number, draft, wrote)


def _compare(desk: Desk, owner: Engine, folder: Path, rival: Path, count: int) -> None:
    done = subprocess.run(
        [rival, ROOT / "bench" / "duckdb_join.py", folder, str(RUNS)], check=True, capture_output=True, text=True
    )
    theirs = json.loads(done.stdout)
    stored = median(one[0] for one in theirs)
    copied = median(one[1] for one in theirs) + median(_copied(owner, folder / "result.csv") for _ in range(RUNS))
    ours: list[float] = []
    found: tuple[Found, ...] = ()
    for again in range(RUNS):
        if again:
            _forget(owner)
        began = time.perf_counter()
        with desk.database.begin() as connection:
            posting.lock(connection, [1])
            found = crediting.match_book(desk, connection, 1)
        ours.append(time.perf_counter() - began)
    own = median(ours)
    unchecked = _unchecked(desk, owner)
    began = time.perf_counter()
    with desk.database.begin() as connection:
        left = crediting_breaks.differences(connection, 1)
    told = time.perf_counter() - began
    print(f"\n### {count:,} payees against as many lines\n".replace(",", " "))
    print("| what | seconds | lines/s | Esep takes |")
    print("| --- | ---: | ---: | ---: |")
    for name, seconds, compared in (
        ("Esep: all rules, matches stored and checked, entry sealed, commit", own, ""),
        ("the same without the check of the database", unchecked, ""),
        ("DuckDB: one hash join, stored in its own file", stored, f"{own / stored:.1f} times as long"),
        ("DuckDB: one hash join, copied into PostgreSQL", copied, f"{own / copied:.1f} times as long"),
        (f"Esep: the {len(left)} differences with their reasons", told, ""),
    ):
        rate = f"{count / seconds:,.0f}".replace(",", " ")
        print(f"| {name} | {seconds:.2f} | {rate} | {compared} |")
    rules = ", ".join(f"{one.rule} {one.count}" for one in found)
    print(f"\nby rule: {rules}; DuckDB joined {theirs[0][2]}", flush=True)


def _copied(owner: Engine, path: Path) -> float:
    """Seconds of COPY of the rival's result into a bare table, commit included."""
    began = time.perf_counter()
    with owner.begin() as connection, path.open("rb") as rows:
        cursor: Any = connection.connection.cursor()
        with cursor.copy("COPY bench.bare FROM STDIN (FORMAT csv)") as copy:
            while block := rows.read(1 << 20):
                copy.write(block)
    seconds = time.perf_counter() - began
    with owner.begin() as connection:
        connection.exec_driver_sql("TRUNCATE bench.bare")
    return seconds


def _forget(owner: Engine) -> None:
    """Undo the matching, as only the owner can with the guards off."""
    tables = ("crediting_match", "crediting_unmatch", "entry")
    with owner.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE esep.{table} DISABLE TRIGGER USER")
        connection.exec_driver_sql("TRUNCATE esep.crediting_match, esep.crediting_unmatch")
        connection.exec_driver_sql("DELETE FROM esep.entry WHERE kind = 'crediting_matched'")
    with owner.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE esep.{table} ENABLE TRIGGER USER")


def _unchecked(desk: Desk, owner: Engine) -> float:
    """The seconds with the check of double matches off."""
    _forget(owner)
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE esep.crediting_match DISABLE TRIGGER check_crediting_match")
    began = time.perf_counter()
    with desk.database.begin() as connection:
        posting.lock(connection, [1])
        crediting.match_book(desk, connection, 1)
    seconds = time.perf_counter() - began
    with owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE esep.crediting_match ENABLE TRIGGER check_crediting_match")
    return seconds


def _rival_python(folder: Path) -> Path:
    venv.create(folder / "rival", with_pip=True)
    python = folder / "rival" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", DUCKDB], check=True)
    return python


if __name__ == "__main__":
    main()
