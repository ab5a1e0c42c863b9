"""What answers: prompt layouts, the engine, the bundled model and how it is made."""
