"""The doctor: looks at everything a shop needs and says what works, what is missing, and what to do."""
