"""What each thing has in the cells behind its first, and what functions are told.

What they are told is of numpy's type: for each plain number numba would compile them anew.
"""

import numpy as np

# A movement: its office is a shelf; its document and reference are texts by their numbers until its
# style is run, then documents, of which the empty text is one, but not the empty reference.
ROW_STYLE, ROW_ON, ROW_SHELF, ROW_KIND, ROW_QUANTITY, ROW_DOCUMENT, ROW_REFERENCE = range(7)
ROW_SIZE, ROW_TURN = 7, 8
ROW = 9
# A layer: on a shelf, in what a sale took, or on the road (there of a size and from a region).
ON, QUANTITY, SOURCE, SIZE, REGION, BEFORE, AFTER = range(7)
LAYER = 7
# What has a list of layers begins with its ends.
HEAD, TAIL = 0, 1
# What one movement took. Sold ones lie one on the other; those that are owed stand in a queue.
OWED, BELOW, BEHIND, TAKEN_FROM, SAME_DOCUMENT = range(2, 7)
TAKEN = 7
# The shelf of an office, which stand side by side in the order of codes.
SOLD, OWING, LAST_OWING, NEWEST, FLAGS, IS_THERE, HOME, RANK = range(2, 10)
SHELF = 10
# A document: its road, those who wait for it, the sales under it.
CLAIM, LAST_CLAIM, TO_LEAVE, LEAVING, CLAIMED, SALES = range(2, 8)
DOCUMENT = 8
# Pairs that came in and leave only later, for a row.
CLAIM_ROW, CLAIM_QUANTITY, NEXT_CLAIM = range(3)
A_CLAIM = 3
# A return that waits for the day's end.
LATE_ROW, LATE_QUANTITY = 0, 1
A_RETURN = 2
# The rows of one office on one day.
QUEUE_NEXT, QUEUE_END = 0, 1
QUEUE = 2
# A document of the style at hand: the number of its text, and where it is.
SLOT_TEXT, SLOT_DOCUMENT = 0, 1
SLOT = 2
# What is found: style, rank, owed, flags of an office; of layers and crossings as in `arrays`.
AN_OFFICE, A_LAYER, A_CROSSING = 4, 5, 5

# Cells of their own. Where each kind of thing begins, and where the next one of it goes.
SHELVES, SHELVES_END, QUEUES, FIRST_LAYER, FIRST_TAKEN, FIRST_CLAIM, FIRST_LATE = range(1, 8)
FREE_LAYER, NEXT_LAYER, NEXT_TAKEN, FREE_CLAIM, NEXT_LATE = range(8, 13)
# What is found, and where there is no more room for it.
OFFICES_FOUND, OFFICES_FULL, LAYERS_FOUND, LAYERS_FULL = range(13, 17)
CROSSINGS_FOUND, CROSSINGS_FULL, IS_FULL = range(17, 20)
SLOTS, DOCUMENTS, NEXT_DOCUMENT, NUMBERED = range(20, 24)
DRAWN = np.int64(24)  # a list that is about to be laid elsewhere
OWN_CELLS = 26

NONE = np.int64(0)
ANY = np.int64(-1)  # whatever document brought a layer
ON_THE_WAY = np.int64(-1)  # in place of an office's rank
OLDEST_FIRST, NEWEST_FIRST = np.int64(HEAD), np.int64(TAIL)
