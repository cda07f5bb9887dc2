"""What a channel is: one Magento installation (or some of its websites) as a source of CRM data.

A channel is a YAML file in this folder plus the Airflow connection it names; addresses and secrets are
never in the file. `README.md` explains each setting, `loading.py` reads the files, `model.py` says what
they may hold.
"""
