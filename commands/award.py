"""Decisions on aid."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands import options
from commands.options import DryRun, File, Home, OneAuthority, Save, Tabs, Today, User

app = options.group("Decisions on aid (шешім, решение о назначении).")


@app.command("import")
def import_file(file: File, user: User, today: Today = None, home: Home = None) -> None:
    """Import signed decisions from a CSV, XLSX or XML file, whole or not at all (docs/formats/awards.md)."""
    from reconcile import award, award_report

    with options.desk(user, today, home) as desk:
        options.say(award_report.imported(award.import_file(desk, file)))


@app.command("change")
def change(file: File, user: User, today: Today = None, home: Home = None, dry_run: DryRun = False) -> None:
    """Correct decisions before they are paid: account, bank, name, guardian; the columns of a decision file."""
    from reconcile import award_change, payment_report

    with options.desk(user, today, home) as desk:
        result = award_change.import_file(desk, file, dry_run=dry_run)
    options.say(options.dry(dry_run) + payment_report.changed(result))


@app.command("cancel")
def cancel(
    user: User,
    authority: OneAuthority = None,
    award: Annotated[
        list[int] | None, typer.Option("--award", help="The award, like 20000006; may be given again.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the books.")] = "",
    document: Annotated[str, typer.Option("--document", help="The paper that says so.")] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="A list instead (CSV or XLSX: authority_bin, due_month, iin, aid_kind, decision_number, document, "
            "reason).",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Cancel awards that were not sent, by number or by a list: they are never paid."""
    from reconcile import cancel as cancels
    from reconcile import cancel_list, payment_report

    numbers = award or []
    if (file is None) == (not numbers or authority is None):
        raise typer.BadParameter("give --file, or --authority with each --award and a --reason")
    with options.desk(user, today, home) as desk:
        if file is not None:
            lines = payment_report.cancelled(cancel_list.import_file(desk, file, dry_run=dry_run))
        else:
            result = cancels.cancel(desk, authority or "", numbers, reason=reason, document=document, dry_run=dry_run)
            lines = payment_report.cancelled(result)
    options.say(options.dry(dry_run) + lines)


@app.command("status")
def status(
    authority: OneAuthority = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind of aid.")] = None,
    month: Annotated[
        datetime | None, typer.Option("--month", formats=["%Y-%m"], help="Only awards for this month.")
    ] = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show where everybody is: decided, in need, requested, on hold, cancelled, sent, paid, returned, refunded."""
    from ledgers import award_states, setup
    from reconcile import payment_report

    with options.books(home) as database, database.begin() as connection:
        book = None if authority is None else setup.authority(connection, authority).authority_id
        rows = award_states.states(connection, book, month.date() if month else None, kind)
    options.say(payment_report.states(rows, tabs=tabs) + options.saved(rows, save))
