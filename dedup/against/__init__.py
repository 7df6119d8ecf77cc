"""What the documents of a run are compared with besides each other: files that change and are not reported on.

Of thousands of files a few hold anything like the blocks that are looked at. Which they are is told by a sketch of each
file, remembered from run to run; only these few are cut, worded and compared.
"""

from dedup.against.against import Against
from dedup.against.cache import cache_folder, make_folder
from dedup.against.files import not_read

__all__ = ["Against", "cache_folder", "make_folder", "not_read"]
