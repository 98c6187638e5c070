"""The HTTP doors: what gateways tell us, and whether the house is well."""
