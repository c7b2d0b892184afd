"""The conversation: what a model is told, what it may do, and how a turn of talk goes. Only `working` knows rows."""
