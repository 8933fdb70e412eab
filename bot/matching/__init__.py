"""Text in, ranked candidates with evidence out. Pure, but for `model_file` and the training child `train`."""
