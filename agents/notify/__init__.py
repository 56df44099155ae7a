"""Alerts brought to the receivers that `config/notify.yaml` names, or given up aloud."""
