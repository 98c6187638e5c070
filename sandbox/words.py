"""Ids of every sentence the page shows; the sentences stand in locales/."""

WORDS = tuple(
    f"sandbox-{name}"
    for name in (
        # the street
        "title", "tagline", "harmless", "language", "tab-phone", "tab-bank", "tab-mail", "tab-street", "offline",
        # the phone
        "buyer", "seller", "bot", "typing", "write", "send", "commands", "start", "copied", "close", "edited",
        "chat-empty", "unblock", "blocked", "phone-language", "photo", "scan-this",
        "invoice", "stars-paid", "stars-returned",
        # the bank
        "bank", "bank-scan", "bank-scan-hint", "bank-scan-hint-seller", "bank-owner", "bank-manual",
        "bank-again", "bank-to", "bank-account", "bank-amount", "bank-memo",
        "bank-from-account", "bank-from-name", "bank-send", "bank-sent", "bank-bounce", "bank-bounced",
        "bank-statement",
        "bank-pay", "bank-paying", "bank-fault", "bank-history", "bank-history-empty", "bank-unknown-holder",
        "bank-sources", "source-casso", "source-sepay", "source-payos", "source-vnpay", "source-sepay-pg",
        "source-bakong",
        "fault-none", "fault-twice", "fault-late", "fault-too_late", "fault-short", "fault-over", "fault-garbled",
        "fault-memo_lost", "fault-wrong_account", "fault-forged", "fault-lost",
        "khqr-short", "khqr-wrong_currency", "khqr-elsewhere",
        "vnpay-state-waiting", "vnpay-state-paid", "vnpay-state-suspected", "vnpay-state-failed",
        "vnpay-state-cancelled", "vnpay-state-expired", "pg-status-waiting", "pg-status-captured",
        "pg-status-cancelled", "refund-taken", "refund-refused",
        "answer-ok", "answer-refused", "answer-trouble", "answer-silent", "answer-waiting", "answer-never",
        # the mailbox
        "mail", "mail-empty", "mail-down", "mail-back", "mail-to", "mail-from",
        # clock and faults
        "clock", "clock-minute", "clock-half-hour", "clock-day", "faults", "switch-chat-down", "switch-limit",
        "switch-pay-twice",
        "switch-mail-down", "switch-block", "switch-payos-down", "switch-payos-slow", "switch-payos-limit",
        # who tells the shop of money
        "switch-bakong-list", "switch-vnpay-refunds", "switch-vnpay-bounced", "sepay-own-ids",
        "sources", "silent", "trouble-none", "trouble-down", "trouble-busy", "trouble-html", "trouble-hang",
        "trouble-wrong", "sepay-webhook", "sepay-proof", "sepay-form", "sepay-any",
        "payouts", "payout-succeeded", "payout-failed", "payout-rejected", "payout-reversed", "payout-moving",
        # what cannot be done
        "error-text", "error-button", "error-blocked", "error-account", "error-amount", "error-memo",
        "error-request", "error-bounce", "error-clock", "error-no-picture", "error-no-qr", "error-khqr-ended",
        "error-khqr-paid", "error-network",
    )
)  # fmt: skip
"""In the order of the page; names after the last part are values of `Fault` where they name one."""
