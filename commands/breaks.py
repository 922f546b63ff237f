"""Differences between true records, worked through until each is explained and closed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands import break_rules, options
from commands.options import DryRun, File, Home, OneAuthority, Save, Tabs, Today, User

if TYPE_CHECKING:
    from reconcile.breaks_work import Work

app = options.group("Differences between true records: found, given to people, explained and closed (айырмашылықтар).")
app.add_typer(break_rules.app, name="rule")

Names = Annotated[list[str], typer.Argument(help="The breaks, like AST/12 AST/13, or 12 13.", show_default=False)]
Name = Annotated[str, typer.Argument(help="The break, like AST/12.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the books.", show_default=False)]
To = Annotated[str, typer.Option("--to", help="To whom.", show_default=False)]
Month = Annotated[
    datetime, typer.Option("--month", formats=["%Y-%m"], help="The month of the act, like 2024-03.", show_default=False)
]
Bank = Annotated[str | None, typer.Option("--bank", help="Only this bank, by its BIC.", show_default=False)]
Kind = Annotated[
    str | None, typer.Option("--kind", help="Only this kind, like money_unidentified.", show_default=False)
]
Owner = Annotated[
    str | None, typer.Option("--owner", help="Only those of this person; '' for those of nobody.", show_default=False)
]
OlderThan = Annotated[int, typer.Option("--older-than", help="Only those older than so many working days.")]


@app.command("find")
def find(user: User, today: Today = None, home: Home = None, dry_run: DryRun = False) -> None:
    """Compare all records: new differences are opened, those that are gone are closed."""
    from reconcile import breaks_find, breaks_report

    with options.desk(user, today, home) as desk:
        result = breaks_find.find(desk, dry_run=dry_run)
    options.say(options.dry(dry_run) + breaks_report.found(result))


@app.command("list")
def list_breaks(
    authority: OneAuthority = None,
    bank: Bank = None,
    kind: Kind = None,
    owner: Owner = None,
    older_than: OlderThan = -1,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    today: Today = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show what differs, the oldest first: about what, how much, since when, whose it is, why."""
    from reconcile import breaks_list, breaks_report

    wanted = breaks_list.Wanted(
        authority_code=authority, bic=bank, kind=kind, owner=owner, older_than=older_than, closed=everything
    )
    with options.books(home) as database, database.begin() as connection:
        result = breaks_list.listing(connection, options.working_day(today), wanted)
    options.say(breaks_report.listing(result, tabs=tabs) + options.saved(result.rows, save))


@app.command("show")
def show(name: Name, authority: OneAuthority = None, today: Today = None, home: Home = None) -> None:
    """Show one break: its facts, who did what when, and what may explain it, with the command."""
    from reconcile import breaks_report, breaks_show

    on = options.working_day(today)
    with options.books(home) as database, database.begin() as connection:
        result = breaks_show.show(connection, name, on, authority)
    options.say(breaks_report.shown(result, on))


@app.command("aging")
def aging(
    authority: OneAuthority = None, today: Today = None, tabs: Tabs = False, save: Save = None, home: Home = None
) -> None:
    """Show how old the open differences are, by authority and bank."""
    from reconcile import breaks_list, breaks_report

    with options.books(home) as database, database.begin() as connection:
        rows = breaks_list.aging(connection, options.working_day(today), authority)
    options.say(breaks_report.aging(rows, tabs=tabs) + options.saved(rows, save))


def _each(
    names: list[str],
    authority: str | None,
    user: str,
    today: datetime | None,
    home: Path | None,
    *,
    dry_run: bool,
    step: "Callable[[Work, Any], Any]",
) -> None:
    """Do the same about several breaks, all or none of them."""
    from reconcile import breaks_report
    from reconcile.breaks_work import Work

    with options.desk(user, today, home) as desk, desk.database.begin() as connection:
        work = Work(desk, connection)
        results = [step(work, one) for one in work.chosen(names, authority)]
        work.seal()
        if dry_run:
            connection.rollback()
    options.say(options.dry(dry_run) + breaks_report.worked(results))


@app.command("assign")
def assign(
    names: Names,
    to: To,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Give breaks to somebody."""
    from reconcile import breaks_work

    _each(
        names, authority, user, today, home, dry_run=dry_run, step=lambda work, one: breaks_work.assign(work, one, to)
    )


@app.command("note")
def note(
    names: Names,
    said: Annotated[str, typer.Option("--note", help="What others should know.", show_default=False)],
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Write down what others should know of breaks."""
    from reconcile import breaks_work

    _each(
        names, authority, user, today, home, dry_run=dry_run, step=lambda work, one: breaks_work.note(work, one, said)
    )


@app.command("park")
def park(
    names: Names,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The day.", show_default=False)],
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Let breaks wait until a day: a return that came before its payment, an answer that is due."""
    from reconcile import breaks_work

    def step(work: "Work", one: Any) -> Any:
        return breaks_work.park(work, one, until.date(), reason)

    _each(names, authority, user, today, home, dry_run=dry_run, step=step)


@app.command("escalate")
def escalate(
    names: Names,
    to: To,
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Take breaks to whoever can decide more: the bank, the authority, the chief accountant."""
    from reconcile import breaks_work

    def step(work: "Work", one: Any) -> Any:
        return breaks_work.escalate(work, one, to, reason)

    _each(names, authority, user, today, home, dry_run=dry_run, step=step)


@app.command("post")
def post(
    names: Names,
    entry: Annotated[int, typer.Option("--entry", help="The entry of the break's book.", show_default=False)],
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Close breaks by a posting that somebody else made: whoever closes them approves it."""
    from reconcile import breaks_work

    def step(work: "Work", one: Any) -> Any:
        return breaks_work.post(work, one, entry, reason)

    _each(names, authority, user, today, home, dry_run=dry_run, step=step)


@app.command("carry")
def carry(
    names: Names,
    month: Month,
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Carry breaks into the act of a month, as differences that both sides know of."""
    from reconcile import breaks_work

    def step(work: "Work", one: Any) -> Any:
        return breaks_work.carry(work, one, month.date(), reason)

    _each(names, authority, user, today, home, dry_run=dry_run, step=step)


@app.command("reopen")
def reopen(
    names: Names,
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Open closed breaks again; how they were closed stays in the books."""
    from reconcile import breaks_work

    def step(work: "Work", one: Any) -> Any:
        return breaks_work.reopen(work, one, reason)

    _each(names, authority, user, today, home, dry_run=dry_run, step=step)


@app.command("accept")
def accept(
    name: Name,
    proposal: Annotated[int, typer.Option("--proposal", help="Which, as shown: 1, 2 ...", show_default=False)],
    user: User,
    reason: Annotated[str, typer.Option("--reason", help="Why; the proposal's own sentence if left out.")] = "",
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Do what a proposal says, as shown with the break."""
    from reconcile import breaks_match, breaks_report
    from reconcile.breaks_work import Work, Worked

    with options.desk(user, today, home) as desk, desk.database.begin() as connection:
        work = Work(desk, connection)
        (one,) = work.chosen([name], authority)
        result = breaks_match.accept(work, one, proposal, reason)
        work.seal("breaks_worked" if isinstance(result, Worked) else "crediting_matched")
        if dry_run:
            connection.rollback()
    said = breaks_report.worked([result]) if isinstance(result, Worked) else breaks_report.matched(result)
    options.say(options.dry(dry_run) + said)


@app.command("match")
def match(
    line: Annotated[list[str], typer.Option("--line", help="A line, like C3/45; may be given again.")],
    payment: Annotated[list[str], typer.Option("--payment", help="A payment, like P20000001/1; may be given again.")],
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Say that these lines of a bank's register are these payments: their sums must be equal."""
    from reconcile import breaks_match, breaks_report
    from reconcile.breaks_work import Work

    with options.desk(user, today, home) as desk, desk.database.begin() as connection:
        work = Work(desk, connection)
        result = breaks_match.match(work, line, payment, reason, authority)
        work.seal("crediting_matched")
        if dry_run:
            connection.rollback()
    options.say(options.dry(dry_run) + breaks_report.matched(result))


@app.command("unmatch")
def unmatch(
    name: Annotated[str, typer.Argument(help="A line or a payment of the match, like C3/45.", show_default=False)],
    reason: Reason,
    user: User,
    authority: OneAuthority = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Take a match apart, with trace: its breaks are open again."""
    from reconcile import breaks_match, breaks_report
    from reconcile.breaks_work import Work

    with options.desk(user, today, home) as desk, desk.database.begin() as connection:
        work = Work(desk, connection)
        result = breaks_match.unmatch(work, name, reason, authority)
        work.seal("crediting_unmatched")
        if dry_run:
            connection.rollback()
    options.say(options.dry(dry_run) + breaks_report.unmatched(result))


@app.command("export")
def export(
    out: Annotated[Path, typer.Option("--out", help="The .xlsx file to write.", dir_okay=False, show_default=False)],
    authority: OneAuthority = None,
    bank: Bank = None,
    owner: Owner = None,
    older_than: OlderThan = -1,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    today: Today = None,
    home: Home = None,
) -> None:
    """Write the open differences as a sheet to fill in."""
    from reconcile import breaks_list, breaks_sheet

    wanted = breaks_list.Wanted(
        authority_code=authority, bic=bank, owner=owner, older_than=older_than, closed=everything
    )
    with options.books(home) as database, database.begin() as connection:
        count = breaks_sheet.export(connection, options.working_day(today), wanted, out)
    options.say([f"wrote {count} rows to {out}; fill in {', '.join(breaks_sheet.EDITED)}, then: esep breaks import"])


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None, dry_run: DryRun = False) -> None:
    """Do what a filled in sheet asks for, whole or not at all."""
    from reconcile import breaks_report, breaks_sheet

    with options.desk(user, today, home) as desk:
        result = breaks_sheet.import_file(desk, file, dry_run=dry_run)
    options.say(options.dry(dry_run) + breaks_report.sheet(result))
