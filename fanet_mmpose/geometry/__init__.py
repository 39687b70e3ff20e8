"""Ground floor: numpy and OpenCV only. Crops, affine maps, point schemas and error formulas."""
