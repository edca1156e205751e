import gc

from interactions.liveperson.collector import collector_paused


def test_pauses_the_collector_and_leaves_it_as_it_was():
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
