"""Hand-crafted features as dense maps, to stand in a backbone's place. Each takes grey images."""
