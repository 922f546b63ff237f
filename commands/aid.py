"""Kinds of aid."""

from typing import Annotated

import typer

from commands import options
from commands.options import AuthorityCode, DryRun, Home, OneAuthority, Save, Tabs, Today, User

app = options.group("Kinds of aid (әлеуметтік көмек түрлері, виды помощи) and what their rules say.")

Source = Annotated[str | None, typer.Option("--source", help="Only this source: S2, S3 or S4; all if left out.")]


@app.command("catalogue")
def catalogue(source: Source = None, tabs: Tabs = False, save: Save = None) -> None:
    """Show kinds of aid that published rules name, with points, sizes, dates of validity and doubts."""
    from ledgers import aid_catalogue
    from reconcile import aid, aid_report

    rows = aid.models(source) if source else list(aid_catalogue.catalogue())
    options.say(aid_report.catalogue(rows, tabs=tabs) + options.saved(rows, save))


@app.command("adopt")
def adopt(
    authority: AuthorityCode,
    source: Annotated[str, typer.Option("--source", help="S2, S3 or S4; see: esep aid catalogue")],
    user: User,
    code: Annotated[
        list[str] | None, typer.Option("--code", help="Only this kind; say it again for more. All if left out.")
    ] = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Take kinds over from the catalogue into an authority's dictionary; what it has already stays as it is."""
    from reconcile import aid, aid_report

    with options.desk(user, today, home) as desk:
        result = aid.adopt(desk, authority, source, codes=code or (), dry_run=dry_run)
    options.say(options.dry(dry_run) + aid_report.adopted(result))


@app.command("decide")
def decide(
    authority: AuthorityCode,
    code: Annotated[str, typer.Option("--code", help="The kind, as in the authority's dictionary.")],
    reason: Annotated[str, typer.Option("--reason", help="The document that decided; it stands in the books.")],
    user: User,
    mrp: Annotated[str, typer.Option("--mrp", help="So many monthly calculation indexes, like 36 or 2.5.")] = "",
    fixed: Annotated[str, typer.Option("--fixed", help="A fixed sum in tenge, like 20000,00.")] = "",
    free: Annotated[bool, typer.Option("--free", help="Each decision sets its own amount.")] = False,
    mrp_day: Annotated[
        str, typer.Option("--mrp-day", help="The day whose index counts: decision, memorial or payment.")
    ] = "",
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Decide what a payment of a kind comes to; a kind that waited for it becomes active."""
    from reconcile import aid, aid_report

    size = aid.read_size(mrp=mrp, fixed=fixed, is_free=free, mrp_day=mrp_day)
    with options.desk(user, today, home) as desk:
        result = aid.decide(desk, authority, code, size, reason=reason, dry_run=dry_run)
    options.say(options.dry(dry_run) + aid_report.decided(result))


@app.command("list")
def list_kinds(authority: OneAuthority = None, tabs: Tabs = False, save: Save = None, home: Home = None) -> None:
    """Show the kinds in force with their terms: size, validity, days of payment, notes."""
    from reconcile import aid, aid_report

    with options.books(home) as database, database.begin() as connection:
        rows = aid.in_force(connection, authority)
    options.say(aid_report.in_force(rows, tabs=tabs) + options.saved(aid.rows(rows), save))
