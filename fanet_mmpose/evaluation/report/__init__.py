"""One page that explains one or several sets of predictions."""
