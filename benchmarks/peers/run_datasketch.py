"""datasketch as it comes."""

import datasketch_rows

datasketch_rows.main()
