"""The Airflow connection type *Magento*: its form in the UI and its "Test" button.

Airflow finds it through the entry point in the `.dist-info` folder beside this one, not by scanning `plugins/`. The
form appears only if `plugins` is on PYTHONPATH when the API server starts: entry points are read once, before Airflow
adds the folder itself.
"""
