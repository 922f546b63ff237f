"""The fact tables: their keys and columns, in the order in which a row is proved.

A row becomes a leaf of its entry's Merkle tree over exactly these columns in exactly this order, so a line here is
never changed, only added. A test compares the page with the database's own catalogue.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    """A register or ledger table: every row names its book and the entry that brought it."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


def _fact(name: str, key: str, columns: str) -> FactTable:
    keys = tuple(key.split())
    return FactTable(name=name, key=keys, columns=("authority_id", "entry_number", *keys, *columns.split()))


_CORPORATION = """bin name_kk name_ru iban bic terminal chief accountant irs seco signer
    signer_position_kk signer_position_ru director director_position_kk director_position_ru deputy deputy_position_kk
    deputy_position_ru refund_knp"""
_AUTHORITY = """code bin name_kk name_ru region_kk region_ru district_kk district_ru iban bic irs seco signer
    signer_position_kk signer_position_ru first_order_number"""
_AWARD_LINE = """file_line decision_number decided_on signer case_id source_system aid_kind amount iin surname
    first_name patronymic birth_date sex branch_code payment_code address bic iban phone guardian_iin guardian_surname
    guardian_first_name guardian_patronymic"""
_AID_KIND_TERM = """valid_from valid_to mrp_hundredths fixed_amount mrp_day programme source_system needs_category
    payment_days is_active note"""
_STATEMENT_LINE = """statement_number file_line iban booked_on value_date direction document_number document_date
    amount counterparty_name counterparty_bin counterparty_iban counterparty_bic knp purpose occurrence"""

FACTS: dict[str, FactTable] = {
    table.name: table
    for table in (
        _fact("account", "account_id", "code aid_kind reference"),
        _fact("act", "month", ""),
        _fact("act_dispute", "month act_number dispute_number", "opened_on document ours theirs"),
        _fact("act_dispute_end", "month act_number dispute_number", "ended_on outcome note"),
        _fact(
            "act_dispute_line",
            "month act_number dispute_number line",
            "order_number order_date aid_kind ours theirs finding comment",
        ),
        _fact("act_signature", "month act_number role", "signer signed_on"),
        _fact("aid_kind_term", "code version", _AID_KIND_TERM),
        _fact("aid_kind_version", "code version", "name_kk name_ru periodicity memorial_day purpose"),
        _fact("arrival", "document number version", "arrived_on"),
        _fact("authority_list", "list_number", "month document count transferred refunded sha256"),
        _fact("authority_list_line", "list_number line", "side order_number order_date amount aid_kind comment"),
        _fact("authority_list_match", "list_number line version", "number reason"),
        _fact("authority_version", "version", _AUTHORITY),
        _fact("award_batch", "aid_kind due_month", "count amount"),
        _fact("award_cancellation", "due_month award_number", "cancelled_on document reason"),
        _fact("award_line", "due_month award_number version", _AWARD_LINE),
        _fact(
            "bank_version",
            "bic version",
            "bank_code name_kk name_ru bin transit_iban irs seco charset items_max knp",
        ),
        _fact("break_event", "break_number step", "action happened_on owner until reference note"),
        _fact("break_item", "break_number", "kind subject occurrence amount bic aid_kind happened_on reason"),
        _fact("calendar_day", "version day", "is_working is_bank_day basis"),
        _fact("calendar_version", "version", "basis sha256"),
        _fact("carry_over", "due_month award_number attempt month", "reason"),
        _fact("corporation_version", "version", _CORPORATION),
        _fact("corrective_act", "month act_number", "dated reason"),
        _fact("crediting", "crediting_number", "bic document dated count amount sha256"),
        _fact(
            "crediting_line",
            "crediting_number line",
            "order_reference item iin full_name iban amount outcome credited_on reason",
        ),
        _fact(
            "crediting_match",
            "match_number",
            "crediting_number rule is_paired orders items lines amount_paid amount_credited note",
        ),
        _fact("crediting_unmatch", "match_number line", "reason"),
        _fact("deadline", "rule subject version", "started_by started_on nominal earliest warn due calendar_version"),
        _fact("deadline_event", "rule subject event", "happened_on note"),
        _fact("document", "file_name", "sha256"),
        _fact("hold", "hold_number", "iin award_number reason placed_on document note"),
        _fact("hold_end", "hold_number", "ended_on document note"),
        _fact("line_match", "line_number version", "placed_in placed_entry matched_as reference rule"),
        _fact("match_term", "iban bic rule version", "is_on window_days tolerance reason"),
        _fact("month_lock", "month", "closing_cash"),
        _fact("need", "need_number", "aid_kind due_month formed_on after_entry upto_entry count amount"),
        _fact("order_refusal", "order_number", "refused_on reference code reason sha256"),
        _fact("payment", "due_month award_number attempt", "version order_number item request_number amount"),
        _fact("payment_order", "order_number", "message reference aid_kind bic dated count amount file_name"),
        _fact("posting", "line", "booked_on rule debit credit amount"),
        _fact("rate_version", "valid_from version", "mrp subsistence basis"),
        _fact("refund", "order_number aid_kind reference", "amount"),
        _fact("request", "request_number", "reference sent_on amount"),
        _fact("request_need", "need_number", "request_number"),
        _fact(
            "resolution",
            "due_month award_number attempt version",
            "outcome number decided_on signer reason award_version",
        ),
        _fact("return_claim", "due_month award_number attempt", "amount reason"),
        _fact("return_claim_paid", "line_number", "due_month award_number attempt amount"),
        _fact("return_item", "return_number item", "iin surname first_name patronymic iban amount reason"),
        _fact(
            "return_message",
            "return_number",
            "reference document_number dated bic payer_iban amount count purpose sha256",
        ),
        _fact("return_money", "return_number", "line_number returned_on"),
        _fact("return_notice", "notice_number", "sent_on after_entry upto_entry count amount"),
        _fact("returned_payment", "due_month award_number attempt", "return_number item amount"),
        _fact("rule_set_version", "code version", "valid_from valid_to places basis"),
        _fact("setting_version", "name version", "value reason"),
        _fact("statement", "statement_number", "iban date_from date_to opening credited debited closing sha256"),
        _fact("statement_line", "line_number", _STATEMENT_LINE),
        _fact("statement_sent", "month", "sent_on"),
        _fact("transfer", "transfer_number", "order_number order_date payer_bin amount received_on line_number"),
        _fact("transfer_placing", "transfer_number request_number aid_kind", "amount"),
    )
}
"""Table name -> fact table, by name: the order of the leaves inside an entry."""

TEXT_KEYS = frozenset(
    {
        "aid_kind",
        "bic",
        "code",
        "document",
        "event",
        "file_name",
        "iban",
        "name",
        "reference",
        "role",
        "rule",
        "subject",
    }
)
"""Keys that are texts: leaves stand in the order of their octets, whichever rules the server sorts texts by."""

UNCHAINED = ("chart", "entry", "received_file")
"""Tables outside the trees: the chart is schema, an entry is the chain itself, a refused file belongs to no book."""
