"""Synthetic payment messages of ISO 20022 for the tests of pacs and pain, and hypothesis strategies that make more."""

from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from formats.mx import Amount
from formats.mx_original import OriginalMessage, OriginalTransfer, Reason
from formats.mx_parts import (
    Account,
    Agent,
    Birth,
    Coded,
    Identifier,
    Kind,
    Party,
    RegulatoryDetail,
    RegulatoryReport,
)
from tests.formats.messages import LETTERS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "messages" / "iso20022"
MOMENTS = ("2024-03-14T09:30:00+05:00", "2024-03-14T09:30:00Z", "2024-03-14T09:30:00.5")


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def texts(length_max: int) -> st.SearchStrategy[str]:
    """Texts that XML carries, without blanks at the ends."""
    inner = st.text(LETTERS + "0123456789 .,'\"-:№()\\+!/<>&{}\u0085", max_size=length_max)
    return inner.map(lambda text: text.strip(" ")).filter(bool)


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), strategy)


ids = st.text("ABCXYZ0123456789-/", min_size=1, max_size=35)
bics = st.sampled_from(["HSBKKZKX", "KPSTKZKA", "KKMFKZ2A", "NBRKKZKXXXX"])
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
moments = st.sampled_from(MOMENTS)
amounts = st.integers(0, 10**13)
money = st.builds(Amount, value=amounts, currency=st.sampled_from(["KZT", "USD"]))
uetrs = st.uuids(version=4).map(str)
codes = st.one_of(
    st.builds(Coded, code=st.text("ABC0", min_size=1, max_size=4)), st.builds(Coded, proprietary=texts(35))
)
countries = st.sampled_from(["KZ", "DE"])
identifiers = st.builds(Identifier, number=texts(35), scheme=st.none() | codes, issuer=maybe(texts(35)))
births = st.builds(Birth, day=days, city=texts(35), country=countries, province=maybe(texts(35)))
accounts = st.one_of(
    st.builds(Account, iban=st.sampled_from(["KZ986017A99999999911", "KZ716017A99999999912"])),
    st.builds(Account, number=texts(34), currency=st.sampled_from(["", "KZT"])),
)
agents = st.builds(
    Agent,
    bic=bics,
    member=maybe(texts(28)),
    name=maybe(texts(140)),
    identifier=st.none() | identifiers,
    branch=maybe(texts(35)),
)
remittances = st.lists(texts(140), max_size=3).map(tuple)
regulatory = st.lists(
    st.builds(
        RegulatoryReport,
        indicator=st.sampled_from(["DEBT", "CRED", "BOTH"]),
        details=st.lists(
            st.builds(
                RegulatoryDetail,
                type=texts(35),
                code=maybe(texts(10)),
                information=st.lists(texts(35), max_size=2).map(tuple),
            ),
            max_size=2,
        ).map(tuple),
    ),
    max_size=3,
).map(tuple)
original_messages = st.builds(
    OriginalMessage, message_id=ids, message_name=st.just("pacs.008.001.08"), created=maybe(moments)
)


@st.composite
def parties(draw: st.DrawFn) -> Party:
    """A party with a name, and perhaps numbers as an organisation or as a person."""
    kinds: list[Kind] = ["", "organisation", "person"]
    kind = draw(st.sampled_from(kinds))
    numbers = draw(st.lists(identifiers, min_size=1, max_size=2)) if kind else []
    return Party(
        name=draw(texts(140)),
        kind=kind,
        identifiers=tuple(numbers),
        bic=draw(maybe(bics)) if kind == "organisation" else "",
        birth=draw(st.none() | births) if kind == "person" else None,
        residence=draw(maybe(countries)),
    )


reasons = st.lists(
    st.builds(
        Reason, reason=codes, information=st.lists(texts(105), max_size=2).map(tuple), originator=st.none() | parties()
    ),
    max_size=2,
).map(tuple)
original_transfers = st.builds(
    OriginalTransfer,
    amount=money,
    instructed_amount=st.none() | money,
    settlement_date=st.none() | days,
    remittance=remittances,
    ultimate_debtor=st.none() | parties(),
    debtor=st.none() | parties(),
    debtor_account=st.none() | accounts,
    debtor_agent=st.none() | agents,
    creditor_agent=st.none() | agents,
    creditor_agent_account=st.none() | accounts,
    creditor=st.none() | parties(),
    creditor_account=st.none() | accounts,
    ultimate_creditor=st.none() | parties(),
    purpose=st.none() | codes,
)
