"""A toy street for people who have no token and no bank: chat, bank, mailbox, clock."""
