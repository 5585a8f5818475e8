"""`python -m pipekeras.repl` is the command `pipekeras`."""

from pipekeras.repl.command import main

if __name__ == "__main__":
    raise SystemExit(main())
