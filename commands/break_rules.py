"""Which rules of the reconciliations may match, in which window and with which agreed tolerance."""

from typing import Annotated

import typer

from commands import options
from commands.options import DryRun, Home, Save, Tabs, Today, User

app = options.group("Which rules may match, in which window and with which agreed tolerance, per bank and account.")

Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the books.", show_default=False)]
Rule = Annotated[str, typer.Option("--rule", help="The rule; see: esep breaks rule show", show_default=False)]


@app.command("show")
def show_rules(
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule.", show_default=False)] = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show each rule with its window and tolerance, and what was agreed for a bank or an account."""
    from ledgers import match_terms
    from reconcile import breaks_report

    with options.books(home) as database, database.begin() as connection:
        terms = match_terms.last_terms(connection)
    if rule is not None:
        match_terms.known(rule)
    options.say(breaks_report.rules(terms, rule, tabs=tabs) + options.saved(terms, save))


@app.command("set")
def set_rule(
    rule: Rule,
    reason: Reason,
    user: User,
    bank: Annotated[str, typer.Option("--bank", help="For this bank alone, by its BIC.")] = "",
    account: Annotated[str, typer.Option("--account", help="For this account of ours alone.")] = "",
    window: Annotated[int | None, typer.Option("--window", help="In so many days.", show_default=False)] = None,
    tolerance: Annotated[
        str | None, typer.Option("--tolerance", help="Agreed tolerance in KZT, like 0,01.", show_default=False)
    ] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether it is used.", show_default=False)] = None,
    today: Today = None,
    home: Home = None,
    dry_run: DryRun = False,
) -> None:
    """Set what holds for a rule; a tolerance above zero is an agreement, and the reason names it."""
    from reconcile import breaks_report, match_terms

    wish = match_terms.Wish(is_on=on, window_days=window, tolerance=match_terms.tiyn(tolerance))
    with options.desk(user, today, home) as desk:
        result = match_terms.change(desk, rule, wish, reason, bic=bank, iban=account, dry_run=dry_run)
    options.say(options.dry(dry_run) + breaks_report.term_changed(result))
