"""The places of the HTTP interface, a file for each kind of question."""
