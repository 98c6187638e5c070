"""How the schema came to be, step by step; each step is frozen once it has been released."""
