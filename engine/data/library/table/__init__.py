"""The kind `table`: CSV, TSV and Parquet files, a sample per row."""
