"""The worker's HTTP door: metrics, health, the wallboard, and what it shows as an API."""
