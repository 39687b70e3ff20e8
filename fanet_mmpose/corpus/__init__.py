"""Landmarks of millions of pictures: worker processes, parts that resume, Parquet.

In the order the data flows: `sources` list inputs, the `manifest` groups them into work units,
the `pool` gives units to worker processes, the `stage` computes one, `part_writer` stores it.
Imports neither torch nor mmpose.
"""
