"""Delivery: finished files go where a connection says, whole or not at all, each once. README.md: how to make one.

parcel         the files of one export, in the order in which they go
place          what a place to deliver to must be able to do
folder, bucket, sftp, mail   the places
connections    which place an Airflow connection describes
delivering     one parcel to one place, remembered in marketing.deliveries
"""
