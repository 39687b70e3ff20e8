"""ONNX: `export` writes it and knows PyTorch, `runtime` runs it and knows neither it nor MMPose."""
