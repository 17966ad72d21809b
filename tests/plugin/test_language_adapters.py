from pdd_tasks.plugin.language_adapters import shows, syntaxes


def test_what_an_example_shows_can_be_read_in_every_language():
    assert set(shows()) == set(syntaxes())
    for name, show in shows().items():
        assert show("").forms == {}, name
