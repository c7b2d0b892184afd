"""One file per algorithm, each with `paint(easel) -> (pixels, what it shows)`."""
