"""How the bundled model is made, and remade: corpus, tokenizer, examples, training, export, evaluation."""
