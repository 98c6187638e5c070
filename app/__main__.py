"""`python -m app`: the shop's command line."""

from app.cli import main

main()
