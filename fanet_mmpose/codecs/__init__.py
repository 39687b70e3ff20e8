"""Ground truth to targets and back."""
