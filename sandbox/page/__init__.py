"""The page itself: what a browser draws of the street."""
