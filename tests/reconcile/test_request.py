"""The request asks the authority for the money of its needs, by aid kind (R-033, R-034)."""

from datetime import date
from pathlib import Path

from formats import exchange
from reconcile import request
from reconcile.desk import Desk
from tests.reconcile.golden import at, balance, counts, play

DAY = date(2024, 3, 12)


def test_the_golden_request(desk: Desk, tmp_path: Path) -> None:
    result = play(desk, "request", tmp_path)
    (sent,) = result.requests
    assert (sent.number, sent.amount) == ("AST-2024-0001", 2_141_360_00)
    assert [(line.aid_kind, line.count, line.amount) for line in sent.lines] == [
        ("A", 100, 1_846_000_00),
        ("B", 40, 295_360_00),
    ]
    assert balance(desk, "requested") == 2_141_360_00


def test_the_document_can_be_read_back_and_has_its_pictures(desk: Desk, tmp_path: Path) -> None:
    (sent,) = play(desk, "request", tmp_path).requests
    octets = (tmp_path / "request-AST-2024-0001.xml").read_bytes()
    assert exchange.read(octets, "request") == sent
    for language in ("kk", "ru"):
        assert (tmp_path / f"request-AST-2024-0001-{language}.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_sending_again_makes_no_second_request_but_writes_a_missing_file(desk: Desk, tmp_path: Path) -> None:
    play(desk, "request", tmp_path)
    before = counts(desk)
    lost = tmp_path / "request-AST-2024-0001.xml"
    octets = lost.read_bytes()
    lost.unlink()
    again = request.send(at(desk, DAY), tmp_path)
    assert again.requests == ()
    assert [file.path.name for file in again.files if file.written] == [lost.name]
    assert lost.read_bytes() == octets
    assert counts(desk) == before
