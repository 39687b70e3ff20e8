"""Faces and non-faces told apart: features, the fit of one model, what the fit loses."""
