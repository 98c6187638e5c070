"""How fast, as ratios inside one run: machines differ and are noisy, ratios travel."""
