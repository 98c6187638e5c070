"""The shop as a seller installs it: without `rich`, which only our tools bring and structlog would load."""

import sys

sys.modules["rich"] = None  # type: ignore[assignment]

if __name__ == "__main__":
    from app.cli import main

    main(["run"])
