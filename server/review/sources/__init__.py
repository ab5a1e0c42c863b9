"""What finds something about a change: facts of the index, the model's surprise, its reading, linters."""
