import pytest

# What a check has compared is worth more than that it failed.
pytest.register_assert_rewrite("tests.model.checks")
