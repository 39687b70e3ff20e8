"""Many machines: the stage as a `map_batches` of Ray Data. `pip install "fanet_mmpose[ray]"`."""
