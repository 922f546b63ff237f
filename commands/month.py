"""The month's end."""

from commands import options
from commands.options import AuthorityCode, DryRun, Home, Month, Save, Tabs, Today, User

app = options.group("The month's end.")


@app.command("close")
def close(
    authority: AuthorityCode, month: Month, user: User, today: Today = None, home: Home = None, dry_run: DryRun = False
) -> None:
    """Close an authority's month: register, ledger and statement must agree; then nothing can be booked in it."""
    from reconcile import close, report

    with options.desk(user, today, home) as desk:
        options.say(
            options.dry(dry_run) + report.month_closed(close.month(desk, authority, month.date(), dry_run=dry_run))
        )


@app.command("status")
def status(
    authority: AuthorityCode,
    month: Month,
    today: Today = None,
    tabs: Tabs = False,
    save: Save = None,
    home: Home = None,
) -> None:
    """Show the close of a month as a checklist: each point done, open with its reason, or overdue."""
    from reconcile import month_report, month_status

    with options.books(home) as database, database.begin() as connection:
        found = month_status.status(connection, authority, month.date(), options.working_day(today))
    options.say(month_report.status(found, tabs=tabs) + options.saved(month_report.rows(found), save))


@app.command("equation")
def equation(authority: AuthorityCode, month: Month, tabs: Tabs = False, save: Save = None, home: Home = None) -> None:
    """Show what became of the money up to the month's end, by kind and bank: funded = paid + ... + held, or not."""
    from reconcile import equation, equation_report

    with options.books(home) as database, database.begin() as connection:
        found = equation.look(connection, authority, month.date())
    options.say(equation_report.month_equation(found, tabs=tabs) + options.saved(equation_report.rows(found), save))
