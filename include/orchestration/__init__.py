"""The only place, beside dags/ and plugins/, that imports Airflow: the verbs as tasks, assets, defaults."""
