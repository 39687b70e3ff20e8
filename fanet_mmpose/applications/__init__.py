"""What people do next with 68 points: head pose, aligned crops, openness of eyes and mouth.

Pure functions on arrays; `FaceLandmarks` has a method for each. NumPy and OpenCV only.
"""
