"""Search by Milvus: a cluster, or milvus-lite in a file. Imported only where an address names one."""
