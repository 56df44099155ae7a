"""How the C library gives memory back to the system."""

import ctypes

#: From <malloc.h>.
_M_MMAP_THRESHOLD = -3

_LARGE_BYTES = 128 << 10


def give_large_blocks_back() -> None:
    """Have each large block mapped by itself and given back as soon as it is free. Call before any work.

    By default glibc learns from the first that is freed to keep such blocks in its heap. There a fetch of some
    megabytes leaves a hole between small values that stay, and the process stays as large as it has ever been.
    Other libraries have no such call, and nothing to be told.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
