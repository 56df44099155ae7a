"""The dashboards, as code. `python -m dashboards` writes what Grafana loads: config/grafana/dashboards/*.json."""
