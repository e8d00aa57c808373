"""`python -m screener` is the same command as `screen`."""

import sys

from screener.cli import main

sys.exit(main())
