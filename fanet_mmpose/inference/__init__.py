"""From a picture or a video to landmarks; NumPy, OpenCV and ONNX Runtime only."""
