"""What the rows say: pure functions on tables, one question to a file; pages and figures are made of them elsewhere."""
