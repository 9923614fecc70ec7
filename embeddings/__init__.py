"""Text to vectors, and vectors to their nearest rows."""

import os

# From 1.29 on, onnxruntime writes a device's id into the home folder and sends usage to its makers
# unless this is set before it is first imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
