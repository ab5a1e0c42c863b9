"""The languages that codenook reads, one folder each: queries and a thin resolver."""
