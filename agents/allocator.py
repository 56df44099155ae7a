"""How free memory gets back to the system: Python asks the C library for it, which by itself keeps most of it."""

import ctypes
import gc

#: From <malloc.h> of glibc. Other libraries have no such calls, and keep less.
_M_MMAP_THRESHOLD = -3

_LARGE_BYTES = 128 << 10

_libc = ctypes.CDLL(None)


def map_large_blocks() -> None:
    """Have each large block mapped by itself, and given back as soon as it is free. Call before any work.

    By default glibc learns from the first that is freed to keep such blocks in its heap, between values that stay.
    """
    if mallopt := getattr(_libc, "mallopt", None):
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def collect_seldom() -> None:
    """Have the collector look for circles of values seldom: state has none, and is a great many small values.

    By default it walks them again and again.
    """
    gc.set_threshold(500_000, 20, 100)


async def give_back() -> None:
    """Give back what is free between values that stay: after catching up, a third of all. Takes milliseconds."""
    if malloc_trim := getattr(_libc, "malloc_trim", None):
        malloc_trim(0)
