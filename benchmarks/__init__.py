"""What the project promises about speed, as ratios that are measured in one run: `python -m benchmarks`."""
