"""What is wrong in a table as far as the table itself can tell: pure searches, used by suggestions and repairs."""
