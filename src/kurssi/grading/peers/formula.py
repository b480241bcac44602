"""Step 4 as a formula: what peer marks make of the group's value (5.4)."""

from __future__ import annotations

from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    Columns,
    StudentRow,
    near,
)
from kurssi.policy.model import Part, Peer


def moved(row: StudentRow, part: Part, peer: Peer) -> str:
    """Step 4: what peer marks make of the group's value (5.4)."""
    value, factor = row.at("group_value", part), row.at("factor", part)
    weight = f"{names.of('peer_weight', part)}/100"
    floor = row.lowest
    if not peer.may_fail and not row.policy.percent:
        floor = f"IF({near(value + '-' + row.passing)}>=0,{row.passing},{row.lowest})"
    result = f"{value}*(1-{weight}+{weight}*{factor})"
    if peer.at_most is not None:
        most = names.of("peer_at_most", part)
        result = f"MIN(MAX({result},{value}-{most}),{value}+{most})"
    result = f"MAX(MIN(MAX({result},{row.lowest}),MAX({row.top},{value})),{floor})"
    if peer.penalty:
        less = f"MAX({result}*(1-{names.of('peer_penalty', part)}/100),{floor},{row.lowest})"
        result = f"IF({row.at('silent', part)}=1,{less},{result})"
    return f"IF(AND(ISNUMBER({value}),ISNUMBER({factor})),{result},{value})"


COLUMNS = Columns()  # what it makes of the value stands in the column of the part's value
