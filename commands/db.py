"""The database of the books."""

from commands import options
from commands.options import Home

app = options.group("The database of the books: make it, migrate it, look at it.")


@app.command("init")
def init(home: Home = None) -> None:
    """Make the database, or bring it up to this program's version; doing it again changes nothing."""
    from ledgers import db

    location = options.location(home)
    version = db.initialise(location)
    options.say([f"the books are ready at {options.place(location)}, schema {version}"])


@app.command("status")
def status(home: Home = None) -> None:
    """Say where the books are, their version, and how much stands in them."""
    from ledgers import setup
    from ledgers import status as standing
    from reconcile import report

    with options.books(home) as database, database.begin() as connection:
        codes = {0: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        where = options.place(options.location(home))
        options.say([f"the books at {where}", *report.status(standing.status(connection), codes)])
