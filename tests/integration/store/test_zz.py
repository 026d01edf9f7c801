from sqlalchemy import create_engine
from tests.integration.store.test_once import *
from tests.integration.store.test_quittances import *
import pytest
@pytest.fixture(autouse=True)
def _p(context):
    old = context.db._engine
    context.db._engine = old.execution_options(preserve_rowcount=True)
    yield
    context.db._engine = old
