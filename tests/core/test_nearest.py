from pdd_tasks.core.model.nearest import alike, nearest


def test_the_nearest_name_ignores_case():
    assert nearest("PYTON", ["Python", "go"]) == "Python"
    assert nearest("zzz", ["Python", "go"]) == ""


def test_names_that_are_alike_come_best_first():
    known = ("page", "pages", "pane", "other")
    assert alike("page", known, most=2) == ["page", "pages"]
    assert alike("zzz", known, most=2) == []
