"""Starting Airflow in a checkout: what `make up`, `make run` and `make demo` have in common.

Nothing here imports Airflow: Airflow reads its settings once, when it is first imported, so everything must be in the
environment before. Call `environment.prepare_environment(settings)` first, import Airflow after.
"""
