"""What only TypeScript's grammar has; the rest is inherited."""
