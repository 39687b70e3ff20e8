"""Where faces come from: drawn ones, converted archives, splits and loading."""
