"""Many pictures, few labels: what to label, pre-filled, and a list of the rest."""
