"""Plants whose answers are known exactly, and how strictly the engine is held to them."""
