"""Finding personal data in columns and texts, what protects it, and how easily people could be told apart."""
