"""Rust: inputs by type and from documentation, observed as what ``{:?}`` writes."""
