"""The command line: reads the surroundings (who, which day, where the books are), calls a verb, prints its result.

Everything heavy is imported inside the commands, so that `esep --help` answers at once.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ledgers.db import Database, Location
    from reconcile.desk import Desk

app = typer.Typer(
    help="The books of social aid: from signed decisions to the act and the statement that close a month.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _group(name: str, help_text: str) -> typer.Typer:
    group = typer.Typer(help=help_text, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name=name)
    return group


db_app = _group("db", "The database of the books: make it, migrate it, look at it.")
setup_app = _group("setup", "Who takes part: State Corporation, banks, authorities, aid kinds.")
award_app = _group("award", "Decisions on aid (шешім, решение о назначении).")
need_app = _group("need", "The need for budget money (қажеттілік, потребность).")
request_app = _group("request", "Requests to the authority for the money of its needs (өтінім, заявка).")
statement_app = _group("statement", "Statements of the State Corporation's bank account (1C exchange format).")
order_app = _group("order", "MT-102 payment orders to the banks (төлем тапсырмасы, платёжное поручение).")
return_app = _group("return", "Payments that the banks returned (қайтару, возврат).")
resolution_app = _group("resolution", "What the authority decided on returned payments.")
refund_app = _group("refund", "Refunds to the authority (уәкілетті органға қайтару).")
month_app = _group("month", "The month's end.")
act_app = _group("act", "The two documents of the month: Appendix 1 (act) and Appendix 2 (statement by banks).")
ledger_app = _group("ledger", "Look into the books, and prove them.")
format_app = _group("format", "Bank files, whatever they are: check, convert, explain. No books are needed.")

User = Annotated[
    str,
    typer.Option(
        "--user", envvar="ESEP_USER", help="Your name; it stands in the books with all you do.", show_default=False
    ),
]
Today = Annotated[
    datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], help="The working day, like 2024-03-18; the calendar's if left out."),
]
Charset = Annotated[
    str | None,
    typer.Option("--charset", help="The file's charset, like cp1251; told by its content if left out."),
]
Home = Annotated[
    Path | None, typer.Option("--home", envvar="ESEP_HOME", help="Folder of the books and of the archive of files.")
]
Out = Annotated[Path, typer.Option("--out", help="Folder to write the files to.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done; nothing is recorded or written.")]
Tabs = Annotated[bool, typer.Option("--tabs", help="Tabs between the columns, to paste into a spreadsheet.")]
Save = Annotated[
    Path | None, typer.Option("--save", help="Also write the table to a .csv or .xlsx file.", dir_okay=False)
]
AuthorityCode = Annotated[
    str, typer.Option("--authority", help="Code of the authority, as in the setup.", show_default=False)
]
OneAuthority = Annotated[
    str | None, typer.Option("--authority", help="Only this authority; all of them if left out.", show_default=False)
]
Month = Annotated[
    datetime, typer.Option("--month", formats=["%Y-%m"], help="The reporting month, like 2024-03.", show_default=False)
]


def main() -> None:
    """Run the command line; a refusal is printed as a sentence, never as a traceback."""
    # What is written here names people: it is for the user who runs the command alone.
    os.umask(0o077)
    try:
        app(standalone_mode=True)
    except Exception as error:
        lines = _refusal(error)
        if lines is None:
            raise
        print("\n".join(lines), file=sys.stderr)
        sys.exit(1)


def _refusal(error: Exception) -> list[str] | None:
    from formats.errors import FormatError
    from ledgers.errors import LedgerError
    from reconcile.errors import Refusal

    if isinstance(error, FormatError):
        from reconcile import report

        return report.faults(error)
    return str(error).splitlines() if isinstance(error, LedgerError | Refusal) else None


def _location(home: Path | None) -> "Location":
    from ledgers.db import Location

    if home is None:
        home = Path("/var/lib/esep") if os.geteuid() == 0 else Path.home() / ".local" / "share" / "esep"
    return Location(
        home=home.resolve(),
        url=os.environ.get("ESEP_DATABASE_URL"),
        owner_url=os.environ.get("ESEP_OWNER_DATABASE_URL"),
    )


def _place(location: "Location") -> str:
    """Where the books are, as short as it can be said from here."""
    if location.url is None and location.home.is_relative_to(Path.cwd()):
        return str(location.home.relative_to(Path.cwd()))
    return str(location)


@contextmanager
def _books(home: Path | None) -> "Iterator[Database]":
    from ledgers import db

    with db.opened(_location(home)) as database:
        yield database


@contextmanager
def _desk(user: str, today: datetime | None, home: Path | None) -> "Iterator[Desk]":
    from reconcile.archive import Archive
    from reconcile.desk import Desk

    working_day = today.date() if today is not None else date.today()  # noqa: DTZ011 - the calendar on the wall counts
    with _books(home) as database:
        archive = Archive(_location(home).home / "archive")
        yield Desk(database=database, archive=archive, actor=user, today=working_day, progress=_progress())


def _progress() -> Callable[[str, int], None]:
    """Counts lines on a terminal; says nothing into a file or a pipe."""
    if not sys.stderr.isatty():
        return lambda _stage, _done: None
    counts: dict[str, int] = {}

    def progress(stage: str, done: int) -> None:
        counts[stage] = counts.get(stage, 0) + done
        print(f"\r{stage}: {counts[stage]:>12}", end="" if done else "\n", file=sys.stderr, flush=True)

    return progress


def _say(lines: list[str]) -> None:
    print("\n".join(lines))


@db_app.command("init")
def db_init(home: Home = None) -> None:
    """Make the database, or bring it up to this program's version; doing it again changes nothing."""
    from ledgers import db

    location = _location(home)
    version = db.initialise(location)
    _say([f"the books are ready at {_place(location)}, schema {version}"])


@db_app.command("status")
def db_status(home: Home = None) -> None:
    """Say where the books are, their version, and how much stands in them."""
    from ledgers import setup
    from ledgers.status import status
    from reconcile import report

    with _books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        _say([f"the books at {_place(_location(home))}", *report.status(status(connection), codes)])


@setup_app.command("import")
def setup_import(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import who takes part (a TOML file); a change becomes a new version, the same file again changes nothing."""
    from reconcile import report, setup

    with _desk(user, today, home) as desk:
        _say(report.setup_import(setup.import_file(desk, file)))


@award_app.command("import")
def award_import(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import signed decisions from a CSV, XLSX or XML file, whole or not at all (docs/formats/awards.md)."""
    from reconcile import award, report

    with _desk(user, today, home) as desk:
        _say(report.award_import(award.import_file(desk, file)))


@need_app.command("form")
def need_form(user: User, today: Today = None, home: Home = None) -> None:
    """Form the needs whose day has come: ten days before a memorial date, the 27th, or at once."""
    from reconcile import need, report

    with _desk(user, today, home) as desk:
        _say(report.needs_formed(need.form(desk)))


@request_app.command("send")
def request_send(out: Out, user: User, today: Today = None, home: Home = None) -> None:
    """Ask the authorities for the money of their needs; writes each request as XML and PDF."""
    from reconcile import report, request

    with _desk(user, today, home) as desk:
        _say(report.requests_sent(request.send(desk, out)))


@statement_app.command("import")
def statement_import(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import a bank statement: transfers come in, sent files are settled, returned money is seen."""
    from reconcile import report, statement

    with _desk(user, today, home) as desk:
        _say(report.statement_import(statement.import_file(desk, file)))


@order_app.command("send")
def order_send(
    out: Out,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Write MT-102 files for everything whose money has come, resends included; one for each kind and bank."""
    from reconcile import order, report

    with _desk(user, today, home) as desk:
        _say(_dry(dry_run) + report.orders_sent(order.send(desk, out, authority_code=authority, dry_run=dry_run)))


@return_app.command("import")
def return_import(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import an MT-102 by which a bank returns payments; its money is a line of the statement."""
    from reconcile import report, returns

    with _desk(user, today, home) as desk:
        _say(report.return_import(returns.import_file(desk, file)))


@return_app.command("notify")
def return_notify(out: Out, user: User, today: Today = None, home: Home = None) -> None:
    """Tell the authorities what came back: due on the working day after the return."""
    from reconcile import report, returns

    with _desk(user, today, home) as desk:
        _say(report.notices_sent(returns.notify(desk, out)))


@resolution_app.command("import")
def resolution_import(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import the authority's resolutions: resend with corrected details, or refund (CSV, XLSX or XML)."""
    from reconcile import report, resolve

    with _desk(user, today, home) as desk:
        _say(report.resolution_import(resolve.import_file(desk, file)))


@refund_app.command("send")
def refund_send(
    out: Out,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Send refundable money back by MT-100; on the month's last working day also what nobody decided or resent."""
    from reconcile import refund, report

    with _desk(user, today, home) as desk:
        _say(_dry(dry_run) + report.refunds_sent(refund.send(desk, out, authority_code=authority, dry_run=dry_run)))


@month_app.command("close")
def month_close(
    authority: AuthorityCode, month: Month, user: User, today: Today = None, home: Home = None, dry_run: DryRun = False
) -> None:
    """Close an authority's month: register, ledger and statement must agree; then nothing can be booked in it."""
    from reconcile import close, report

    with _desk(user, today, home) as desk:
        _say(_dry(dry_run) + report.month_closed(close.month(desk, authority, month.date(), dry_run=dry_run)))


@act_app.command("build")
def act_build(
    authority: AuthorityCode, month: Month, out: Out, user: User, today: Today = None, home: Home = None
) -> None:
    """Write the act (Appendix 1) and the statement by banks (Appendix 2) of a closed month, in Kazakh and Russian."""
    from reconcile import act, report

    with _desk(user, today, home) as desk:
        _say(report.acts_built(act.build(desk, authority, month.date(), out)))


@ledger_app.command("balances")
def ledger_balances(
    authority: Annotated[str | None, typer.Option("--authority", help="One authority's book; all if left out.")] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As of the end of this day.")
    ] = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show every account that is open, with its reference: where the money is."""
    from ledgers import queries, setup
    from reconcile import report

    with _books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        book = None if authority is None else setup.authority(connection, authority).authority_id
        rows = queries.balances(connection, book, on=on.date() if on else None)
    _say(report.balances(rows, codes, tabs=tabs) + _saved(rows, save))


@ledger_app.command("entries")
def ledger_entries(
    authority: AuthorityCode,
    collapsed: Annotated[
        bool, typer.Option("--collapsed", help="By the numbers of the chart: 100, 200, 210 ...")
    ] = False,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the journal of an authority's book: every entry with its postings."""
    from ledgers import queries, setup
    from reconcile import report

    with _books(home) as database, database.begin() as connection:
        book = setup.authority(connection, authority).authority_id
        if collapsed:
            numbered = queries.number_entries(connection, book)
            _say(report.collapsed(numbered, tabs=tabs) + _saved(numbered, save))
        else:
            journal = queries.entries(connection, book)
            _say(report.journal(journal, tabs=tabs) + _saved(report.journal_lines(journal), save))


@ledger_app.command("verify")
def ledger_verify(
    digest: Annotated[Path | None, typer.Option("--digest", exists=True, help="A digest file written earlier.")] = None,
    write_digest: Annotated[
        Path | None, typer.Option("--write-digest", help="Write the heads of all books here.")
    ] = None,
    home: Home = None,
) -> None:
    """Compute every entry again from its rows; name the first broken one, and a tail that was cut off."""
    from ledgers import verify
    from reconcile import report

    with _books(home) as database, database.begin() as connection:
        published = verify.read_digest(digest.read_text("utf-8")) if digest else ()
        found = verify.verify(connection, published)
        heads = verify.heads(connection)
    if write_digest is not None and found.is_sound:
        write_digest.write_text("".join(f"{head}\n" for head in heads), encoding="utf-8")
    _say(report.verified(found))
    if not found.is_sound:
        raise typer.Exit(1)


@app.command("trace")
def trace(
    reference: Annotated[
        str, typer.Argument(help="A request, file, payment, statement line or order number, or an IIN.")
    ],
    tabs: Tabs = False,
    home: Home = None,
) -> None:
    """Follow a payment, a file, a request or a person through the books."""
    from ledgers import trace as tracing
    from reconcile import report

    with _books(home) as database, database.begin() as connection:
        facts = tracing.trace(connection, reference)
    _say(report.trace(facts, reference, tabs=tabs))


@format_app.command("check")
def format_check(
    file: File,
    charset: Charset = None,
    tabs: Tabs = False,
    everything: Annotated[bool, typer.Option("--all", help="Show every fault, not only the first hundred.")] = False,
) -> None:
    """Say what a file is, its totals, every fault in it, and what was read although it was unusual."""
    from reconcile import format_report
    from reconcile.check_file import check_file

    try:
        seen = check_file(file, charset=charset)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="--charset") from None
    _say(format_report.checked(seen, str(file), tabs=tabs, everything=everything))
    if seen.faults:
        raise typer.Exit(1)


@format_app.command("convert")
def format_convert(
    file: File,
    to: Annotated[
        str, typer.Option("--to", help="csv, xlsx, xml, mt102, pacs.008, pacs.004 or 1c.", show_default=False)
    ],
    out: Out,
    charset: Charset = None,
    write_charset: Annotated[
        str, typer.Option("--write-charset", help="Charset to write, if not the bank's (mt102) or UTF-8 (1c).")
    ] = "",
    bank: Annotated[str, typer.Option("--bank", help="BIC of the bank whose limits and habits count (mt102).")] = "",
    enterprise_code: Annotated[
        str, typer.Option("--enterprise-code", help="Code that the bank wants in the purpose (mt102).")
    ] = "",
    transliterate: Annotated[
        bool, typer.Option("--transliterate", help="Write letters that the charset lacks as others, and say which.")
    ] = False,
    original: Annotated[
        Path | None,
        typer.Option("--original", exists=True, dir_okay=False, help="The order that a return answers (pacs.004)."),
    ] = None,
    terminal: Annotated[
        str, typer.Option("--terminal", help="Your terminal of 12 characters in block 1 (mt102 out of pacs).")
    ] = "",
    created: Annotated[
        str,
        typer.Option(
            "--created", help="Moment that the message was made, like 2024-03-18T10:00:00+05:00; now if left out."
        ),
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Write a file in another form, and say what is lost or changed on the way; nothing is written over."""
    from formats.convert import Target, Wanted
    from reconcile import format_report
    from reconcile.convert_file import convert_file

    if to not in set(Target):
        raise typer.BadParameter(f"{to} is none of {', '.join(Target)}", param_hint="--to")
    wanted = Wanted(
        target=Target(to),
        bank=bank,
        enterprise_code=enterprise_code,
        charset=write_charset,
        created=created or datetime.now().astimezone().isoformat(timespec="seconds"),
        original=original,
        terminal=terminal,
        is_transliterated=transliterate,
    )
    try:
        written = convert_file(file, wanted, out, charset=charset, dry_run=dry_run)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="--charset or --write-charset") from None
    _say(format_report.converted(written, dry_run=dry_run))


@format_app.command("explain")
def format_explain(
    word: Annotated[list[str], typer.Argument(help="A tag, subfield, code, key or message, as it stands in the file.")],
) -> None:
    """Explain a word of a bank message: its names, its form, what it is for, and how sure that is."""
    from formats.explain import UnknownTerm, explain
    from reconcile import format_report

    try:
        _say(format_report.explained(explain(" ".join(word))))
    except UnknownTerm as unknown:
        print(unknown, file=sys.stderr)
        raise typer.Exit(1) from None


def _saved(rows: Sequence[Any], path: Path | None) -> list[str]:
    if path is None:
        return []
    from reconcile import export

    return [f"wrote {export.save(rows, path)} rows to {path}"]


def _dry(dry_run: bool) -> list[str]:
    return ["dry run, nothing was recorded:"] if dry_run else []


if __name__ == "__main__":
    main()
