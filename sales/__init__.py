"""The ground: nouns and rules of a shop, pure; nothing here waits, reads or writes."""
