"""Pages that buyers see in a browser; their words come from locales/."""
