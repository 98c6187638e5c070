"""What the page asks of the street: JSON under /sandbox/api/."""
