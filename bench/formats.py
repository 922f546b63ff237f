"""How fast bank files are read and written, beside `bytes.splitlines()` and the package mt-940 in the same run.

    python bench/formats.py --records 1400000 --lines 100000

For each format a file of so many records is written, cut into lines by `bytes.splitlines()` and read by Esep, decoding,
checks and totals included, three times in turn; medians count. Every measurement is a process of its own, and its
memory is counted above what it had after the imports. Figures of one run can be compared with each other, those of two
machines by their ratios only. The people repeat, their numbers and amounts do not; the time of making them up is
measured apart and taken off the time of writing.
"""

import argparse
import itertools
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from formats import mt, mt102, mt102_reading, mt940, onec  # noqa: E402 - the packages stand beside this folder
from formats.errors import Findings  # noqa: E402
from formats.mt102 import Mt102Header, Mt102Item, Party  # noqa: E402
from formats.onec import Statement, StatementLine  # noqa: E402
from formats.text import encode, open_text  # noqa: E402

PIECE = 1 << 17
RUNS = 3
KIB = 1024
DAY = date(2024, 3, 1)
NAMES = (
    ("СЫНАҚОВ", "ПРИМЕРОВА", "ОБРАЗЦОВ", "ТЕСТОВА"),
    ("АРМАН", "АННА", "ИВАН", "ДАНА"),
    ("ТЕСТҰЛЫ", "ПЕТРОВНА", "", "С."),
)
STATE = Party(account="KZ36009PENS999999901", name="ГОСУДАРСТВЕННАЯ КОРПОРАЦИЯ", idn="160440007161", irs="1", seco="1",
              bic="GCVPKZ2A", chief="ИВАНОВ И.И.", main_bk="ПЕТРОВА П.П.")  # fmt: skip
BANK = Party(account="KZ286017A99999999910", name="АО БАНК", idn="150540999975", irs="1", seco="4", bic="HSBKKZKX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One format: how its records are made up, its file written and read, each giving the number of records."""

    name: str
    make: Callable[[int], int]
    write: Callable[[Path, int], int]
    read: Callable[[Path], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What one process took: seconds, and the peak of its memory in MiB above what it began with."""

    count: int
    seconds: float
    peak: int


def main() -> None:
    """Measure everything and print the tables."""
    parser = argparse.ArgumentParser(description="Measure the readers and writers of bank files.")
    parser.add_argument("--records", type=int, required=True, help="records of each file")
    parser.add_argument("--lines", type=int, required=True, help="statement lines for the comparison with mt-940")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="esep-bench-") as folder:
        print(f"### {given.records:,} records\n".replace(",", " "))
        print("| format | MB | splitlines, s | read, s | times that | records/s | MiB | write, s | times that | MiB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for work in WORKS:
            _measure(work, Path(folder), given.records)
        _compare(Path(folder), given.lines)


def _measure(work: Work, folder: Path, records: int) -> None:
    path = folder / "file"
    makes, writes, reads, lines = [], [], [], []
    for _ in range(RUNS):
        makes.append(_apart(work.make, records))
        writes.append(_apart(work.write, path, records))
        lines.append(_apart(_splitlines, path))
        reads.append(_apart(work.read, path))
    if {one.count for one in (*reads, *writes)} != {records}:
        raise SystemExit(f"{work.name}: {reads[0].count} records read, {records} written")
    unit = median(one.seconds for one in lines)
    reading, making = (median(one.seconds for one in runs) for runs in (reads, makes))
    writing = median(one.seconds for one in writes) - making
    figures = [f"{path.stat().st_size / 1e6:.0f}", f"{unit:.2f}", f"{reading:.2f}", f"{reading / unit:.1f}"]
    figures += [f"{records / reading:,.0f}".replace(",", " "), str(max(one.peak for one in reads))]
    figures += [f"{writing:.2f}", f"{writing / unit:.1f}", str(max(one.peak for one in writes))]
    print(f"| {work.name} | {' | '.join(figures)} |", flush=True)
    path.unlink()


def _compare(folder: Path, lines: int) -> None:
    """MT940 read by Esep and by the package mt-940, in turn."""
    path = folder / "mt940"
    _apart(_write_mt940, path, lines)
    ours, theirs, units = [], [], []
    for _ in range(RUNS):
        units.append(_apart(_splitlines, path).seconds)
        ours.append(_apart(_read_mt940, path))
        theirs.append(_apart(_read_by_mt_940, path))
    if {one.count for one in (*ours, *theirs)} != {lines}:
        raise SystemExit(f"MT940: {ours[0].count} and {theirs[0].count} lines read, {lines} written")
    own, other = (median(one.seconds for one in runs) for runs in (ours, theirs))
    unit = median(units)
    print(f"\n### MT940: {lines:,} statement lines\n".replace(",", " "))
    print("| reader | seconds | times splitlines | lines/s | MiB | times Esep |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, seconds, runs in (("Esep", own, ours), ("mt-940", other, theirs)):
        rate = f"{lines / seconds:,.0f}".replace(",", " ")
        peak = max(one.peak for one in runs)
        print(f"| {name} | {seconds:.2f} | {seconds / unit:.1f} | {rate} | {peak} | {seconds / own:.1f} |")


def _apart(work: Callable[..., int], *given: Any) -> Timed:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        return apart.submit(_timed, work, *given).result()


def _timed(work: Callable[..., int], *given: Any) -> Timed:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    count = work(*given)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Timed(count=count, seconds=seconds, peak=peak // KIB)


def _splitlines(path: Path) -> int:
    """The unit: the whole file in memory, cut at its line ends."""
    return len(path.read_bytes().splitlines())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(PIECE), b"")


def _people(records: int, *, full: bool) -> Iterator[Mt102Item]:
    surnames, first_names, patronymics = NAMES
    for place in range(records):
        turn = place % 4
        yield Mt102Item(
            place + 1,
            1_000_000 + place * 7919 % 9_000_000,
            surnames[turn],
            first_names[turn],
            patronymics[turn],
            f"{800101_000000 + place:012d}",
            f"KZ286017A{place:011d}",
            birth_date=date(1950, 1, 1) + timedelta(days=place % 20_000) if full else None,
            period="032024" if full else "",
        )


def _make_people(records: int) -> int:
    return sum(1 for _ in _people(records, full=False))


def _make_full_people(records: int) -> int:
    return sum(1 for _ in _people(records, full=True))


def _header() -> Mt102Header:
    return Mt102Header(
        envelope=mt.Header(terminal="K05009000000", message_type="102"),
        reference="GCVP-00100000001",
        payer=STATE,
        beneficiary=BANK,
        number="1",
        dated=DAY,
        value_date=DAY,
        vo="01",
        knp="027",
        pso="01",
        prt="50",
        assign="СОЦИАЛЬНЫЕ ВЫПЛАТЫ ЗА МАРТ 2024",
    )


def _write_mt102(path: Path, records: int, *, full: bool = False) -> int:
    header, total = _header(), 0
    with path.open("wb") as stream:
        stream.write(encode(mt102.head(header), "cp1251"))
        people, counted = itertools.tee(_people(records, full=full))
        for text in mt102.body(people):
            total += sum(one.amount for one in itertools.islice(counted, 1000))
            stream.write(encode(text, "cp1251"))
        stream.write(encode(mt102.tail(DAY, total), "cp1251"))
    return records


def _write_mt102_full(path: Path, records: int) -> int:
    return _write_mt102(path, records, full=True)


def _read_mt102(path: Path) -> int:
    findings = Findings(path.name)
    for part in mt102_reading.stream(open_text(_pieces(path), path.name), findings):
        if isinstance(part, mt102_reading.Ended):
            count = part.count
    findings.check()
    return count


def _documents(records: int) -> Iterator[list[StatementLine]]:
    for start in range(0, records, 1000):
        yield [_document(place) for place in range(start, min(start + 1000, records))]


def _make_documents(records: int) -> int:
    """Twice: once for the totals of the head, once for the file."""
    return (
        sum(line.line > 0 for lines in itertools.chain(_documents(records), _documents(records)) for line in lines) // 2
    )


def _document(place: int) -> StatementLine:
    day = DAY + timedelta(days=place % 28)
    return StatementLine(
        line=place + 1,
        number=str(100_000 + place),
        dated=day,
        booked_on=day,
        value_date=day,
        amount=1_000_000 + place * 7919 % 9_000_000,
        direction="debit" if place % 3 else "credit",
        counterparty_name=f"ТОО «СИНТЕТИКА {place % 500}»",
        counterparty_bin=f"{230640_000000 + place:012d}",
        counterparty_iban=f"KZ286017A{place:011d}",
        counterparty_bic="HSBKKZKX",
        knp="027",
        purpose=f"Социальная выплата по списку {place % 977} за март 2024",
    )


def _write_onec(path: Path, records: int) -> int:
    sums = {"credit": 0, "debit": 0}
    for lines in _documents(records):
        for line in lines:
            sums[line.direction] += line.amount
    opening = sums["debit"]
    statement = Statement(
        account="KZ76601A000000000001",
        date_from=DAY,
        date_to=date(2024, 3, 31),
        opening=opening,
        credited=sums["credit"],
        debited=sums["debit"],
        closing=opening + sums["credit"] - sums["debit"],
        lines=(),
    )
    with path.open("wb") as stream:
        stream.writelines(onec.chunks(statement, _documents(records), "cp1251"))
    return records


def _read_onec(path: Path) -> int:
    findings, count = Findings(path.name), 0
    for part in onec.stream(open_text(_pieces(path), path.name), findings):
        count += 0 if isinstance(part, Statement) else len(part.lines)
    findings.check()
    return count


def _write_mt940(path: Path, lines: int) -> int:
    total = 0
    with path.open("w", encoding="ascii", newline="") as stream:
        stream.write(":20:STMT0001\r\n:25:KZ76601A000000000001\r\n:28C:00001/001\r\n:60F:C240301KZT1000000,00\r\n")
        for place in range(lines):
            amount = 1_000_000 + place * 7919 % 9_000_000
            total += amount
            text = f"{amount // 100},{amount % 100:02d}"
            stream.write(f":61:2403010301C{text}NTRFREF{place:08d}//B{place:010d}\r\n")
            stream.write(f":86:KNP 027 SOCIAL PAYMENT {place % 977} FOR MARCH 2024\r\n")
        closing = 100_000_000 + total
        stream.write(f":62F:C240331KZT{closing // 100},{closing % 100:02d}\r\n-\r\n")
    return lines


def _read_mt940(path: Path) -> int:
    findings, count = Findings(path.name), 0
    for part in mt940.stream(open_text(_pieces(path), path.name), findings):
        count += len(part) if isinstance(part, tuple) else 0
    findings.check()
    return count


def _read_by_mt_940(path: Path) -> int:
    import mt940 as rival

    return len(rival.parse(str(path)).transactions)


WORKS = (
    Work(name="MT-102, crediting by list", make=_make_people, write=_write_mt102, read=_read_mt102),
    Work(
        name="MT-102, benefits with birth dates and months",
        make=_make_full_people,
        write=_write_mt102_full,
        read=_read_mt102,
    ),
    Work(name="1C statement", make=_make_documents, write=_write_onec, read=_read_onec),
)


if __name__ == "__main__":
    main()
