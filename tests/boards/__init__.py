"""The dashboards: written from the code, and every question in them answered by a real Prometheus."""
