"""How much memory PostgreSQL keeps its data in, on machines of any size."""

from types import SimpleNamespace

import pytest

from crm.embedded import memory

GB = 1024 * memory.MEGABYTE


@pytest.mark.parametrize(
    ("machine", "limit", "said"),
    [
        (GB // 2, "max", "128MB"),
        (GB, "max", "128MB"),
        (8 * GB, "max", "1024MB"),
        (64 * GB, "max", "4096MB"),
        (64 * GB, str(2 * GB), "256MB"),
        (8 * GB, str(2**63 - 4096), "1024MB"),  # how the older kind says that there is none
        (8 * GB, None, "1024MB"),
    ],
)
def test_an_eighth_of_the_machine_or_its_container(monkeypatch, tmp_path, machine, limit, said):
    file = tmp_path / "memory.max"
    if limit is not None:
        file.write_text(f"{limit}\n")
    monkeypatch.setattr(memory, "LIMITS", (file,))
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(total=machine))
    assert memory.shared_buffers() == said
