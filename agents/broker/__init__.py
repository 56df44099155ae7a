"""The broker seen from outside the stream: the topics it should have, and one with nothing to install."""
