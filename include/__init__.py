"""The works: plain Python that can be used and tested without Airflow (except `include.orchestration`)."""
