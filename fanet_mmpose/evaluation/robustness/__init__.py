"""How much a distortion costs: faces missed, and error of those found, along its strength."""
