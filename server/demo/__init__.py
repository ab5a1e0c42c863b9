"""The demonstration: the real server, asked at a few places of a small package that ships with it."""
