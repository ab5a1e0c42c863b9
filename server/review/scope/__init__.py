"""What is reviewed: the files of a diff, of a patch, or some lines of a file."""
