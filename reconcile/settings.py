"""`esep setting set`: one reading of what the order leaves open (AMB-1 to AMB-15) is chosen, by name and reason.

A setting of book 0 holds for every authority that says nothing itself. A change is a new version; what is open is
computed again by it, what was computed before stays in the books.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from ledgers import posting, settings, setup
from ledgers.journal import EntryDraft
from reconcile import deadlines
from reconcile.desk import Desk
from reconcile.errors import Refusal


class ReasonMissing(Refusal):
    """A setting that somebody wants to change without saying why."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not changed without a reason; say it with --reason, like the letter that decided")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged:
    """What a setting was and is now for an authority (code, or '' for all), and how many open deadlines it moved.

    `version` is 0 when the setting said so already.
    """

    name: str
    authority_code: str
    was: str
    value: str
    version: int
    recomputed: int

    @property
    def is_repeat(self) -> bool:
        """Whether it had this value already."""
        return self.version == 0


def change(
    desk: Desk, name: str, value: str, *, reason: str, authority_code: str | None = None, dry_run: bool = False
) -> SettingChanged:
    """Choose the reading `value` of a setting for one authority, or for all that say nothing themselves.

    Raises:
        UnknownSetting: there is no such setting or reading, or the reading is not offered; the sentence says why.
        ReasonMissing: the reason is empty.
    """
    settings.check(name, value)
    if not reason.strip():
        raise ReasonMissing(name)
    with desk.database.begin() as connection:
        known = setup.authorities(connection)
        book = 0 if authority_code is None else setup.authority(connection, authority_code).authority_id
        books = [one.authority_id for one in known] if book == 0 else [book]
        posting.lock(connection, [book, *books])
        was = settings.load(connection, book)[name]
        version = recomputed = 0
        if settings.own_value(connection, book, name) != value:
            version = _append(desk, connection, book, name, value, reason.strip())
            recomputed = deadlines.recompute(desk, connection, books, f"setting:{book}:{name}:{version}")
        if dry_run:
            connection.rollback()
    return SettingChanged(
        name=name,
        authority_code=authority_code or "",
        was=was,
        value=value,
        version=version,
        recomputed=recomputed,
    )


def _append(desk: Desk, connection: Connection, book: int, name: str, value: str, reason: str) -> int:
    number = posting.next_number(connection, book)
    version = settings.append_version(connection, book, number, name=name, value=value, reason=reason)
    draft = EntryDraft(
        kind="settings_changed",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"setting:{name}:{version}",
        source_digest=posting.digest(name, value, reason),
        summary=f"{name} = {value}, version {version}",
    )
    posting.seal(connection, book, number, draft, ["setting_version"])
    return version
