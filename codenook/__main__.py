"""``python -P -E -m codenook``: the way every codenook process is started."""

from codenook.server.cli import main

if __name__ == "__main__":
    main()
