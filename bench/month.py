"""How long a month takes: every command on N generated awards, beside raw COPY of the same rows in the same run.

    python bench/month.py --awards 200000

The month is that of `fixtures.volume`: twenty authorities, twelve banks, six aid kinds, 2 % returned, half of those
sent again. It runs on a fresh embedded database in a temporary folder. Every stage is a process of its own, so that
its peak memory is its own; the clock runs from the call of the verb to its return, with the server up and the modules
imported. Raw COPY runs three times between the stages, into a table without keys, and the median counts: figures of
one run can be compared with each other, those of two machines by their ratios only.
"""

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fixtures import answers, volume  # noqa: E402 - the packages stand beside this folder
from formats.awards import (  # noqa: E402
    AWARD_FIELDS,
    read_awards,
    write_awards_csv,
    write_awards_xml,
    write_resolutions_csv,
)
from ledgers import db, setup, verify  # noqa: E402
from reconcile import act, award, close, need, order, refund, request, resolve, returns, statement  # noqa: E402
from reconcile import setup as setup_verb  # noqa: E402
from reconcile.archive import Archive  # noqa: E402
from reconcile.desk import Desk  # noqa: E402

BLOCK = 1 << 20
SAMPLE_SECONDS = 0.2
MIB = 1024
BARE_TYPES = {"decision_date": "date", "due_month": "date", "amount": "bigint", "birth_date": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One stage: seconds, and the peak memory (MiB) of its process and, outside the shared buffers, of the server."""

    stage: str
    seconds: float
    peak: int
    server: int


@dataclass(slots=True)
class Bench:
    """A run: where it happens, how many awards, what was measured."""

    folder: Path
    awards: int
    measured: list[Measured] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """The data folder of the books."""
        return self.folder / "home"

    def stage(self, name: str, day: date, verb: Callable[..., Any], *given: Any) -> Any:
        """Run a verb in a process of its own on a working day and keep what it took; returns what the verb gave."""
        result, seconds, peak, server = _apart(_verb, self.home, day, verb, *given)
        self.measured.append(Measured(stage=name, seconds=seconds, peak=peak, server=server))
        print(f"{name}: {seconds:.2f} s, {peak} MiB", file=sys.stderr, flush=True)
        return result

    def prepare(self, name: str, work: Callable[..., Any], *given: Any) -> Any:
        """Run what is no command of Esep, in a process of its own; a name has it in the table as well."""
        result, seconds, peak, _ = _apart(_timed, self.home, work, *given)
        if name:
            self.measured.append(Measured(stage=name, seconds=seconds, peak=peak, server=0))
        return result

    def raw_copy(self) -> None:
        """Run raw COPY of the award rows once more."""
        self.raw.append(_apart(_timed, self.home, _raw_copy, self.home, self.folder / "rows.copy")[0])


def main() -> None:
    """Run the month and print its table."""
    parser = argparse.ArgumentParser(description="Measure a generated month of awards, command by command.")
    parser.add_argument("--awards", type=int, required=True, help="how many award lines the month has")
    awards = parser.parse_args().awards
    with tempfile.TemporaryDirectory(prefix="esep-bench-") as folder:
        bench = Bench(folder=Path(folder), awards=awards)
        bench.prepare("generate decisions (CSV, XML)", _generate, bench.folder, awards)
        _xml_import(bench)
        db.initialise(db.Location(home=bench.home))
        # This process holds the server while the stages come and go.
        with db.opened(db.Location(home=bench.home)):
            _month(bench)
        bench.measured.append(_help())
        _print(bench)


def _xml_import(bench: Bench) -> None:
    """The same decisions as XML, into books of their own."""
    apart = Bench(folder=bench.folder / "xml", awards=bench.awards)
    db.initialise(db.Location(home=apart.home))
    with db.opened(db.Location(home=apart.home)):
        apart.prepare("", _set_up, apart.home, bench.folder / "setup.toml")
        apart.stage("award import, XML", date(2024, 3, 6), award.import_file, bench.folder / "decisions.xml")
    bench.measured += apart.measured


def _month(bench: Bench) -> None:
    folder, out = bench.folder, bench.folder / "out"
    bench.prepare("", _set_up, bench.home, folder / "setup.toml")
    bench.raw_copy()
    bench.stage("award import, CSV", date(2024, 3, 6), award.import_file, folder / "decisions.csv")
    bench.raw_copy()
    bench.stage("need form", date(2024, 3, 11), need.form)
    sent = bench.stage("request send (with PDF)", date(2024, 3, 12), request.send, out)
    account = answers.Account()
    first, transferred, booked = date(2024, 3, 1), date(2024, 3, 14), date(2024, 3, 18)
    account.write(folder / "transfers.txt", first, transferred, answers.transfers(sent.requests, transferred))
    bench.stage("statement import, transfers", transferred, statement.import_file, folder / "transfers.txt")
    paid = bench.stage("order send (MT-102)", booked, order.send, out)
    bench.raw_copy()
    account.write(folder / "debits.txt", date(2024, 3, 15), booked, answers.debits(paid.orders, booked))
    bench.stage("statement import, debits", booked, statement.import_file, folder / "debits.txt")
    resent = _returns(bench, account, [out / one.file_name for one in paid.orders])
    refunds = bench.stage("refund send (MT-100)", date(2024, 3, 29), refund.send, out)
    last = [*answers.debits(resent.orders, date(2024, 3, 28))]
    last += answers.debits([one.order for one in refunds.refunds], date(2024, 3, 29))
    account.write(folder / "month-end.txt", date(2024, 3, 20), date(2024, 3, 31), last)
    over = date(2024, 4, 1)
    bench.stage("statement import, resends and refunds", over, statement.import_file, folder / "month-end.txt")
    bench.stage("month close, all authorities", over, _close_all)
    bench.stage("act build, one authority", date(2024, 4, 2), act.build, volume.PLACES[0].code, volume.MONTH, out)
    bench.stage("ledger verify", date(2024, 4, 2), _verify)


def _returns(bench: Bench, account: answers.Account, files: list[Path]) -> order.OrdersSent:
    """Banks return, authorities decide, the resends are sent."""
    folder, out, day = bench.folder, bench.folder / "out", date(2024, 3, 19)
    credits_ = bench.prepare("", answers.write_returns, files, folder, day)
    account.write(folder / "returns.txt", day, day, credits_)
    bench.stage("return import", day, _import_returns, sorted(folder.glob("return-*.txt")))
    bench.stage("statement import, returned money", day, statement.import_file, folder / "returns.txt")
    told = bench.stage("return notify (with PDF)", date(2024, 3, 20), returns.notify, out)
    decided = date(2024, 3, 27)
    write_resolutions_csv(answers.resolution_rows(told.notices, decided), folder / "resolutions.csv")
    bench.stage("resolution import", decided, resolve.import_file, folder / "resolutions.csv")
    sent: order.OrdersSent = bench.stage("order send, resends", date(2024, 3, 28), order.send, out)
    return sent


def _generate(folder: Path, awards: int) -> None:
    volume.write_setup(folder / "setup.toml")
    write_awards_csv(volume.award_rows(awards), folder / "decisions.csv")
    write_awards_xml(volume.award_rows(awards), folder / "decisions.xml")
    # The same rows as COPY takes them, so that raw COPY measures the server and nothing else.
    with (folder / "rows.copy").open("w", encoding="utf-8", newline="\n") as file:
        for batch in read_awards(folder / "decisions.csv", "decisions.csv", []):
            file.writelines(f"{row}\n" for row in map("\t".join, zip(*batch.columns.values(), strict=True)))


def _set_up(home: Path, path: Path) -> None:
    location = db.Location(home=home)
    with db.opened(location) as database:
        setup_verb.import_file(_desk(database, home, date(2024, 3, 1)), path)
    columns = ", ".join(f"{name} {BARE_TYPES.get(name, 'text')}" for name in AWARD_FIELDS)
    with db.owned(location) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA bench")
        connection.exec_driver_sql(f"CREATE TABLE bench.bare ({columns})")


def _raw_copy(home: Path, path: Path) -> float:
    """Seconds of COPY of the rows into a bare table, commit included."""
    with db.owned(db.Location(home=home)) as engine:
        began = time.perf_counter()
        with engine.begin() as connection, path.open("rb") as rows:
            cursor: Any = connection.connection.cursor()
            with cursor.copy("COPY bench.bare FROM STDIN") as copy:
                while block := rows.read(BLOCK):
                    copy.write(block)
        seconds = time.perf_counter() - began
        with engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE bench.bare")
    return seconds


def _import_returns(desk: Desk, paths: Iterable[Path]) -> None:
    for path in paths:
        found = returns.import_file(desk, path)
        parked = [message for message in found.messages if message.state == "parked"]
        if parked:
            raise ValueError(f"{path.name}: {parked[0]}")


def _close_all(desk: Desk) -> None:
    with desk.database.begin() as connection:
        codes = [one.code for one in setup.authorities(connection)]
    for code in codes:
        close.month(desk, code, volume.MONTH)


def _verify(desk: Desk) -> None:
    with desk.database.begin() as connection:
        found = verify.verify(connection)
    if not found.is_sound:
        raise ValueError(str(found.faults[0]))


def _desk(database: db.Database, home: Path, day: date) -> Desk:
    return Desk(database=database, archive=Archive(home / "archive"), actor="bench", today=day)


def _verb(home: Path, day: date, verb: Callable[..., Any], *given: Any) -> tuple[Any, float, int]:
    """In the stage's own process: the verb on open books, timed."""
    with db.opened(db.Location(home=home)) as database:
        return _timed(verb, _desk(database, home, day), *given)


def _timed(work: Callable[..., Any], *given: Any) -> tuple[Any, float, int]:
    began = time.perf_counter()
    result = work(*given)
    return result, time.perf_counter() - began, _memory("self", "VmHWM") // MIB


def _apart(function: Callable[..., tuple[Any, float, int]], home: Path, *given: Any) -> tuple[Any, float, int, int]:
    """Run a function in a new process and watch the server's memory meanwhile."""
    given = given if function is _timed else (home, *given)
    over, server = threading.Event(), [0]
    watch = threading.Thread(target=_watch, args=(home, over, server))
    watch.start()
    try:
        with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as apart:
            result, seconds, peak = apart.submit(function, *given).result()
    finally:
        over.set()
        watch.join()
    return result, seconds, peak, server[0]


def _watch(home: Path, over: threading.Event, highest: list[int]) -> None:
    """Keep the highest sum of the private memory of the server's processes."""
    lock = home / "postgres" / "postmaster.pid"
    while not over.wait(SAMPLE_SECONDS):
        if lock.exists():
            server = lock.read_text(encoding="utf-8").split("\n", 1)[0]
            children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="utf-8").split()
            highest[0] = max(highest[0], sum(_memory(child, "RssAnon") for child in children) // MIB)


def _memory(process: str, kind: str) -> int:
    """A figure of a process in KiB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{kind}:")), 0)


def _help() -> Measured:
    """The command line saying --help, the best of three."""
    command = [sys.executable, "-c", "from cli import main; main()", "--help"]
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - began)
    return Measured(stage="esep --help", seconds=min(seconds), peak=0, server=0)


def _print(bench: Bench) -> None:
    raw = median(bench.raw)
    print(f"\n### {bench.awards:,} awards\n".replace(",", " "))
    print("| stage | seconds | awards/s | times raw COPY | peak MiB | server MiB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(f"| raw COPY, median of {len(bench.raw)} | {raw:.2f} | {_rate(bench.awards, raw)} | 1 | | |")
    for one in bench.measured:
        figures = f"{one.seconds:.2f} | {_rate(bench.awards, one.seconds)} | {one.seconds / raw:.1f}"
        print(f"| {one.stage} | {figures} | {one.peak or ''} | {one.server or ''} |")


def _rate(awards: int, seconds: float) -> str:
    return f"{awards / seconds:,.0f}".replace(",", " ")


if __name__ == "__main__":
    main()
