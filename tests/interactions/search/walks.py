"""Turns the pages of a list, as a reader would, and notes what stands on them."""


def forwards(query, user, size):
    """Primary keys met by pressing Next from the first page on."""
    seen = []
    page = query.rows(user, size=size)
    assert page.previous is page.first is None
    while True:
        assert page.start == (len(seen) + 1 if page.rows else None)
        seen.extend(row.pk for row in page.rows)
        if page.next is None:
            assert page.last is None
            return seen
        assert len(page.rows) == size
        page = query.replace(page=page.next).rows(user, size=size)
        assert page.previous and page.first


def backwards(query, user, size):
    """Primary keys, in the list's order, met by pressing Last and then Previous."""
    page = query.rows(user, size=size)
    if page.last:
        page = query.replace(page=page.last).rows(user, size=size)
    assert page.next is None
    seen = [row.pk for row in page.rows]
    while page.previous:
        page = query.replace(page=page.previous).rows(user, size=size)
        # The first page is always a full one and may repeat what the second showed.
        seen = [row.pk for row in page.rows if row.pk not in seen] + seen
    assert page.start in (1, None)
    return seen
