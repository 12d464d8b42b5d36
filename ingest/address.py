from rag.address import canonical, host_of, web_address  # noqa: F401
