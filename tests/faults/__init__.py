"""Campaigns: believable calls whose truth is known, and everything goes wrong while they are counted."""
