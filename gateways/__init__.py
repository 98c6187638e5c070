"""The plugs to the money world: one file a gateway, values with small pure hooks."""
