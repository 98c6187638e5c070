"""payOS as the street plays it: payment links over HTTP, virtual accounts, and the check of a webhook's address."""
