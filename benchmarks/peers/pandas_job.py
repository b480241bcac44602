"""The reference job as a teacher writes it with pandas: SCORES.csv GROUPS.csv PEERS.csv in, a table on the screen.

The whole of it, for this one policy: the scores of students and of groups joined, half a grade off per started day
after the deadline, nothing after seven days, peer marks by WebPA for half of the group's value, gates, the weighted
mean, activity held within the scale, and half up without being fooled by binary fractions. It takes the sheets as
they should be: nothing is looked for that could be wrong with them.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

WEIGHTS = {"group_work": 0.4, "individual": 0.4, "exam": 0.2}
ADJUST = {"active": 0.5, "passive": -0.5}

scores, groups, peers = (pd.read_csv(path, dtype={"student": str, "from": str, "to": str}) for path in sys.argv[1:4])
table = scores.merge(groups, on="group", how="left")

for part, due in {"group_work": "2024-03-04 23:59", "individual": "2024-03-11 23:59"}.items():
    late = pd.to_datetime(table[f"{part} submitted"]) - pd.Timestamp(due)
    days = np.ceil(late / pd.Timedelta(days=1)).clip(lower=0).fillna(0)
    value = np.maximum(table[part] - 0.5 * days, np.minimum(table[part], 1))
    table[part] = value.mask(late > pd.Timedelta(days=7))

share = peers["effort"] / peers.groupby("from")["effort"].transform("sum")
factor = table["student"].map(share.groupby(peers["to"]).sum()).fillna(1)
group_value = table["group_work"]
moved = (group_value * (0.5 + 0.5 * factor)).clip(0, 5)
table["group_work"] = np.maximum(moved, (group_value >= 1).astype(int))  # marks fail nobody

mean = sum(weight * table[part].fillna(0) for part, weight in WEIGHTS.items())
adjust = table["activity"].map(ADJUST).fillna(0)
exact = np.minimum(np.maximum(5, mean), np.maximum(mean + adjust, np.minimum(mean, 1))).round(9)
passed = (table[list(WEIGHTS)].fillna(0) >= 1).all(axis=1) & (table["peer_review"] == "HYV")
table["exact"] = exact
table["grade"] = np.where(passed, np.floor(exact + 0.5).clip(1, 5), 0).astype(int)

columns = ["student", "name", "group", *WEIGHTS, "peer_review", "activity", "exact", "grade"]
print(table[columns].round(3).to_string(index=False, na_rep=""))
print(table["grade"].value_counts().sort_index().to_string())
