"""The posting rules: which event moves money from which account to which. The page that an accountant reviews.

Read a line as a проводка: event, debit account, credit account. In brackets stands the business reference that the
account is kept by: R a request, S a statement line, F a file sent to a bank, P a payment to a person. Accounts are
those of `chart.py`. Only a statement line moves cash, and each line moves it once.

    event                                                            debit              credit
    request sent (memorandum)                                        requested[R]       commitment
    transfer placed on a request                                     cash               funding[R]
    ... and its memorandum                                           commitment         requested[R]
    the rest of a request that is needed no more (memorandum)        commitment         requested[R]
    money that nobody can place yet, or above the request            cash               unidentified[S]
    ... identified later as a transfer for a request                 unidentified[S]    funding[R]
    ... given back to the authority as excess                        unidentified[S]    transit[F]
    funding that no payment of the request needs                     funding[R]         refundable[R]
    MT-102 sent, first attempt                                       funding[R]         transit[F]
    MT-102 sent, resend                                              resend[P]          transit[F]
    the bank debited the file                                        transit[F]         cash
    the bank refused the file (MT-905), first attempts               transit[F]         funding[R]
    ... its resends                                                  transit[F]         resend[P]
    ... its refunds                                                  transit[F]         refundable[P]
    ... its excess given back                                        transit[F]         unidentified[S]
    a return came back                                               cash               returned[P]
    money that waited turns out to be a return                       unidentified[S]    returned[P]
    the bank kept a part of a return (memorandum, R-006)             claim[P]           claims
    ... and paid it: its money                                       cash               returned[P]
    ... that had waited unidentified                                 unidentified[S]    returned[P]
    ... and the memorandum                                           claims             claim[P]
    the authority decided to resend (R-062)                          returned[P]        resend[P]
    the authority decided on a refund (R-062)                        returned[P]        refundable[P]
    month end, nothing decided (R-063, AMB-5)                        returned[P]        refundable[P]
    month end, decided but not resent (R-063, AMB-5)                 resend[P]          refundable[P]
    refund order sent (MT-100)                                       refundable[P]      transit[F]
    money leaves book 0 for its authority                            unidentified[S]    between
    ... out of the cash of book 0                                    between            cash
    ... into the cash of the authority                               cash               between
    ... to wait there under its own reference                        between            unidentified[S]
"""

from dataclasses import dataclass

from ledgers.chart import CHART


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One posting rule: an event, the account debited and the account credited."""

    name: str
    debit: str
    credit: str

    def __post_init__(self) -> None:
        for code in (self.debit, self.credit):
            if code not in CHART:
                raise ValueError(f"rule {self.name} names account {code}, which the chart lacks")


RULES: dict[str, Rule] = {
    name: Rule(name=name, debit=debit, credit=credit)
    for name, debit, credit in (
        ("request_sent", "requested", "commitment"),
        ("transfer_placed", "cash", "funding"),
        ("transfer_awaited", "commitment", "requested"),
        ("request_withdrawn", "commitment", "requested"),
        ("money_unidentified", "cash", "unidentified"),
        ("transfer_identified", "unidentified", "funding"),
        ("excess_refunded", "unidentified", "transit"),
        ("funding_released", "funding", "refundable"),
        ("payment_sent", "funding", "transit"),
        ("payment_resent", "resend", "transit"),
        ("file_settled", "transit", "cash"),
        ("payment_refused", "transit", "funding"),
        ("resend_refused", "transit", "resend"),
        ("refund_refused", "transit", "refundable"),
        ("excess_refund_refused", "transit", "unidentified"),
        ("return_received", "cash", "returned"),
        ("return_identified", "unidentified", "returned"),
        ("claim_made", "claim", "claims"),
        ("claim_received", "cash", "returned"),
        ("claim_identified", "unidentified", "returned"),
        ("claim_paid", "claims", "claim"),
        ("resend_decided", "returned", "resend"),
        ("refund_decided", "returned", "refundable"),
        ("refund_by_term", "returned", "refundable"),
        ("resend_lapsed", "resend", "refundable"),
        ("refund_sent", "refundable", "transit"),
        ("moved_out", "unidentified", "between"),
        ("moved_out_cash", "between", "cash"),
        ("moved_in_cash", "cash", "between"),
        ("moved_in", "between", "unidentified"),
    )
}
"""Rule name -> rule, in the order the money moves."""
