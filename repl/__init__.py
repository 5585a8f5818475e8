"""The shells: the command line, scripts, and the interactive prompt."""
