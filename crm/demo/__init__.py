"""A lifelike company of any size, made from a seed and the day: for trying out, never for work.

The same seed on the same day makes the same company, people, customers and histories; sealed
numbers alone differ. All numbers are made up, and some will belong to somebody: do not dial them.

1. `company`: regions, stores, people, duties, policies, goods.
2. `scenes` and `drafting`: customers with their histories, as plain drafts.
3. `writing`: drafts into rows, many at once.
4. the engine is asked, `past_care` lets people have done what lies behind, and it is asked again.
"""

from crm.demo.logins import logins
from crm.demo.making import DemoRefused, make_demo

__all__ = ["DemoRefused", "logins", "make_demo"]
