"""Settings for what the order leaves open: every ambiguity of it is a named reading, with the default proposed for it.

A setting of book 0 speaks for every authority that has none of its own; one that nobody set has its default. A reading
that is known but would break the books is refused with the reason. A change is a new version, the old one stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, text

from ledgers.errors import LedgerError
from ledgers.posting import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One question that the order leaves open: its readings (value -> in words), and which were refused and why."""

    name: str
    source: str
    question: str
    readings: Mapping[str, str]
    default: str
    refused: Mapping[str, str] = field(default_factory=dict)


class UnknownSetting(LedgerError):
    """A setting or a value that does not exist, or a reading that is not offered."""


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            name="transfer_term",
            source="AMB-1, R-040",
            question="Does the day on which a request arrives count as the first of the two working days?",
            readings={
                "day_after": "the day after the arrival is day 1; the other reading warns",
                "arrival_day": "the day of arrival is day 1",
            },
            default="day_after",
        ),
        Setting(
            name="after_the_first",
            source="AMB-2, R-042",
            question="May money for a request that arrived after the 27th come on the 1st itself?",
            readings={
                "strictly_after": "from the first working day after the 1st",
                "first_included": "from the first working day on or after the 1st",
            },
            default="strictly_after",
        ),
        Setting(
            name="late_request_deadline",
            source="AMB-3, R-042",
            question="Until when is money due for a request that arrived after the 27th?",
            readings={
                "second_working_day": "the second working day from the earliest day on",
                "none": "no latest day",
            },
            default="second_working_day",
        ),
        Setting(
            name="formation_on_day_off",
            source="AMB-4, R-030, R-032",
            question="When is a need formed whose day is a day off?",
            readings={
                "previous_working_day": "on the working day before it",
                "same_day": "on that very day",
                "next_working_day": "on the next working day",
            },
            default="previous_working_day",
        ),
        Setting(
            name="unexamined_at_month_end",
            source="AMB-5, R-063",
            question="What becomes of a return whose examination still runs on the last working day of the month?",
            readings={
                "refund": "it goes back like everything that is not resent",
                "carry_over": "it waits for the next month while its examination runs, but never in December",
            },
            default="refund",
        ),
        Setting(
            name="act_on_day_off",
            source="AMB-6, R-070",
            question="By when is an act due whose 20th is a day off?",
            readings={
                "next_working_day": "overdue after the next working day; the one before warns",
                "previous_working_day": "overdue after the working day before",
            },
            default="next_working_day",
        ),
        Setting(
            name="act_title",
            source="AMB-7",
            question="What does the title of Appendix 1 call the aid?",
            readings={"as_printed": "АӘК, as the form prints it", "social_aid": "әлеуметтік көмек, as the order says"},
            default="as_printed",
        ),
        Setting(
            name="payment_schedule",
            source="AMB-8, R-050",
            question="Are payments bound to days of the month?",
            readings={
                "table": "by the payment days of each kind; a kind without any is paid on every day",
                "none": "no schedule, whatever the kinds say",
            },
            default="table",
        ),
        Setting(
            name="transfer_month",
            source="AMB-9",
            question="In which month's act stands a transfer that was sent in one month and received in the next?",
            readings={"receipt": "in the month it was received; the other act lists it as a timing difference"},
            default="receipt",
            refused={"order_date": "the act would differ from the ledger's turnover, which a statement line makes"},
        ),
        Setting(
            name="recipients",
            source="AMB-10",
            question="What does Appendix 2 count as recipients?",
            readings={"items": "payment items; different people are told under the table"},
            default="items",
            refused={"people": "column 7 would not be column 3 less column 5 when a return is resent"},
        ),
        Setting(
            name="total_row",
            source="AMB-11",
            question="Has Appendix 2 a row of totals?",
            readings={"add": "with a row of totals", "leave_out": "without, as the form is printed"},
            default="add",
        ),
        Setting(
            name="late_return",
            source="AMB-12",
            question="In which month stands a return of money that was paid in an earlier month?",
            readings={"cash": "in the month in which the money came back; paid may be negative"},
            default="cash",
            refused={"restate": "a signed month never changes"},
        ),
        Setting(
            name="partial_transfer",
            source="AMB-13",
            question="Who is paid first when the money is not enough?",
            readings={"decision_order": "by decision date, decision number, IIN; whole items only"},
            default="decision_order",
            refused={"pro_rata": "an award is paid whole: a part of it is no item that a bank could return"},
        ),
        Setting(
            name="disputed_act",
            source="AMB-14",
            question="What happens when the authority does not agree with the act?",
            readings={"protocol": "a protocol of differences, and a corrective act later"},
            default="protocol",
            refused={"unsigned": "an act that nobody signs and nobody disputes ends nothing"},
        ),
        Setting(
            name="calendar_correction",
            source="AMB-15",
            question="What becomes of open deadlines when the calendar is corrected?",
            readings={"recompute": "they are computed again, the old day stays in the log", "freeze": "they stay"},
            default="recompute",
        ),
        Setting(
            name="attempts_max",
            source="E58",
            question="How often may an award be sent before only a refund is left?",
            readings={str(count): f"{count} attempts" for count in range(1, 10)},
            default="2",
        ),
    )
}
"""Name -> setting, in the order of the ambiguities."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one authority as in force."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, SETTINGS[name].default)


def load(connection: Connection, authority_id: int = 0) -> Settings:
    """The settings that hold for an authority: its own, else those of book 0, else the defaults."""
    rows = connection.execute(
        text("SELECT name, value FROM esep.setting WHERE authority_id IN (0, :authority) ORDER BY authority_id"),
        {"authority": authority_id},
    )
    return Settings({row.name: row.value for row in rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingInForce:
    """A setting as it holds for an authority: whose word it is (book 0's, its own; None for the default), and since."""

    name: str
    value: str
    default: str
    book: int | None
    since: date | None
    actor: str
    reason: str


def in_force(connection: Connection, authority_id: int = 0) -> list[SettingInForce]:
    """Every setting as it holds for an authority, in the order of the ambiguities."""
    rows = connection.execute(
        text("""
            SELECT s.name, s.value, s.authority_id AS book, e.booked_on AS since, e.actor, s.reason
            FROM esep.setting s
            JOIN esep.entry e ON e.authority_id = s.authority_id AND e.number = s.entry_number
            WHERE s.authority_id IN (0, :authority)
            ORDER BY s.authority_id
        """),
        {"authority": authority_id},
    )
    said = {row.name: row._asdict() for row in rows}
    nobody = {"book": None, "since": None, "actor": "", "reason": ""}
    return [
        SettingInForce(**{"name": name, "value": one.default, "default": one.default} | nobody | said.get(name, {}))
        for name, one in SETTINGS.items()
    ]


def own_value(connection: Connection, authority_id: int, name: str) -> str | None:
    """What a book itself says of a setting, or None."""
    query = "SELECT value FROM esep.setting WHERE authority_id = :authority AND name = :name"
    return connection.execute(text(query), {"authority": authority_id, "name": name}).scalar_one_or_none()


def known(name: str) -> Setting:
    """The setting of this name.

    Raises:
        UnknownSetting: there is none.
    """
    if name not in SETTINGS:
        raise UnknownSetting(f"there is no setting {name!r}; known are {', '.join(SETTINGS)}")
    return SETTINGS[name]


def check(name: str, value: str) -> None:
    """Refuse what is no reading of a setting.

    Raises:
        UnknownSetting: there is no such setting or value, or the reading is not offered; the sentence says why.
    """
    setting = known(name)
    if value in setting.refused:
        raise UnknownSetting(f"{name} = {value} is not offered: {setting.refused[value]}")
    if value not in setting.readings:
        raise UnknownSetting(f"{name} is one of {', '.join(setting.readings)}, not {value!r}")


def append_version(
    connection: Connection, authority_id: int, number: int, *, name: str, value: str, reason: str
) -> int:
    """Append a setting's next version under entry `number` of its book; returns the version."""
    query = """
        SELECT coalesce(max(version), 0) + 1 FROM esep.setting_version
        WHERE authority_id = :authority AND name = :name
    """
    version = int(connection.execute(text(query), {"authority": authority_id, "name": name}).scalar_one())
    key = {"authority_id": authority_id, "entry_number": number, "name": name, "version": version}
    append(connection, "setting_version", [key | {"value": value, "reason": reason}])
    return version
