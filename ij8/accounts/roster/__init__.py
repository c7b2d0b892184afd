"""Lists of people as CSV: read, tried dry, brought in at once, undone, and written out in the same format.

decoding → table → cells turn bytes into Rows; known reads what the school has; planning compares; committing and undoing
are the only writers; rosters ties them together for pages and API.
"""
