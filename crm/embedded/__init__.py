"""A real PostgreSQL and a real Valkey for a machine that has neither: the one place that knows.

`provide()` is all the rest of the project sees. Where DATABASE_URL, REDIS_URL and the keys are set
it does nothing and imports nothing. The standard library and psutil suffice: Django comes later.
"""

from crm.embedded.errors import EngineError
from crm.embedded.provision import Provision, data_folder, engines, handed_back, provide

__all__ = ["EngineError", "Provision", "data_folder", "engines", "handed_back", "provide"]
