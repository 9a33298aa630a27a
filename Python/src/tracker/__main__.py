"""``python -m tracker`` is the program ``tracker``."""

from ._program import main

main()
