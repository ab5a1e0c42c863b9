"""Models by name: the catalogue, the ones on this machine, and fetching one from the Hugging Face hub.

`download` is the only module of codenook that can reach the network, and `pull` the only one that uses it.
"""
