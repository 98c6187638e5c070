"""What gateways with a page of their own have in common: how it looks and speaks, and who carries their notices."""
