"""What a unit test needs to be shown: it was made to fit the project, ran, passed, and kills a mutant."""
