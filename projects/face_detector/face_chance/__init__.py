"""What tells a face from what is none: features, the fit of one model, what the fit loses."""
