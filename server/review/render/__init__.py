"""A review as text, JSON, SARIF, rdjson or GitHub's commands: one finding, many ways to write it."""
