"""ONNX: `export` writes it and knows PyTorch, `runtime` runs it and knows neither it nor MMPose."""

import os

# Recent builds of ONNX Runtime tell their maker about every session, and keep a device number and
# a database in the home folder; they read this when they are imported. Who wants that says 0.
os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')
