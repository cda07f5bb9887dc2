"""The hook behind the connection type: the connection's address, and the answer of the "Test" button.

The DAGs do not use it; they open stores through `include.orchestration`. Whatever is heavy is imported inside the
methods, since Airflow imports this module wherever it lists its providers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseHook

if TYPE_CHECKING:
    from include.magento.address import StoreAddress
    from include.magento.opening import StoreConnection


class MagentoHook(BaseHook):
    """One Magento store, by the id of its Airflow connection."""

    conn_name_attr = "magento_conn_id"
    default_conn_name = "magento_default"
    conn_type = "magento"
    hook_name = "Magento"

    def __init__(self, magento_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.magento_conn_id = magento_conn_id

    def get_store(self) -> StoreConnection:
        """The fields of the connection."""
        from include.magento.opening import StoreConnection

        connection = self.get_connection(self.magento_conn_id)
        return StoreConnection(
            conn_id=self.magento_conn_id,
            host=connection.host,
            port=connection.port,
            schema=connection.schema,
            login=connection.login,
            password=connection.password,
            extra=connection.extra_dejson,
        )

    def get_address(self) -> StoreAddress:
        """The address of a Magento 1 store.

        Raises:
            ConfigError: a field of the connection is missing or wrong.
        """
        return self.get_store().soap_address()

    def test_connection(self) -> tuple[bool, str]:
        """Enter the store and say what it is and what can be had from it; (False, the reason) when that fails."""
        from include.errors import SyncError
        from magento_crm.check import check_store

        try:
            return True, check_store(self.get_store())
        except SyncError as error:
            return False, error.summary
