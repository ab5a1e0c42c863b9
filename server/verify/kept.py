"""Whether what people have written is still there, word for word."""


def lost_words(before: str, after: str) -> str:
    """The first words of ``before`` that ``after`` doesn't have in the same order; empty when it has all."""
    words, following = before.split(), iter(after.split())
    for number, word in enumerate(words):
        if word not in following:  # goes on where the word before was found
            return " ".join(words[number : number + 3])
    return ""
