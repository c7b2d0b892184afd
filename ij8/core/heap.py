"""The heap of a process that serves: what stands when it has started stays."""

import gc


def settle() -> None:
    """Later collections leave out what is there now. Walking through it took longer than making a large answer."""
    gc.collect()
    gc.freeze()
