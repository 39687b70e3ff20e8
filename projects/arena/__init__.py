"""The arena: networks side by side, one recipe, one harness; only the network differs.

`entry` (what is compared) → `train` (one entry, in child processes) → `row` (what is kept of it)
→ `table`, `figure` (what `projects/arena/README.md` shows).
"""
