"""Makes the helpers of this folder importable, and an organisation with evidence of every kind."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
