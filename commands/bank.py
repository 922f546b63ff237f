"""What banks and Kazpost did with the files that were sent to them."""

from commands import options
from commands.options import Home, Month, OneAuthority, Save, Tabs

app = options.group("Banks and Kazpost: how they served the payments.")


@app.command("performance")
def performance(
    month: Month, authority: OneAuthority = None, tabs: Tabs = False, save: Save = None, home: Home = None
) -> None:
    """Show by bank how fast a month's files were debited, what came back and why, what was kept, refused, left open."""
    from reconcile import bank_report

    with options.books(home) as database, database.begin() as connection:
        result = bank_report.performance(connection, month.date(), authority)
    options.say(bank_report.lines(result, tabs=tabs) + options.saved(result.banks, save))
