"""The demonstration: a generated shop, assessed for two periods by the same services that a real one uses."""
