"""The sections of the page: what is asked, the answer in numbers, and one sentence to each figure."""
