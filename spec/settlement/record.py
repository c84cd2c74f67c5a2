"""Writes expected/backtests.json: made-up bets and what a slow, plain simulation makes of them. Run by hand, as
spec/metrics/record.py.

Written from the definitions. It keeps no running state: for each row it computes the bank, what is staked and what has settled from the
list of all bets so far, and settles a market from all its bets each time it is asked."""

import json
import math
from pathlib import Path

import numpy as np

rng = np.random.default_rng(5)
HOUR = 3_600_000
DAY = 24 * HOUR


def kelly_back(p, o, c):
    b = (o - 1) * (1 - c)
    return max(0.0, (p * (b + 1) - 1) / b) if b > 0 else 0.0


def kelly_lay(p, o, c):
    if o <= 1:
        return 0.0
    b = (1 - c) / (o - 1)
    return max(0.0, ((1 - p) * (b + 1) - 1) / b)


def share(result, places):
    if result["position"] is None:
        return 0.0
    return min(1.0, max(0.0, (places - result["position"] + 1) / result["tied"]))


def gross(bet):
    """Gain of the win part and of the place part."""
    r = bet["row"]["result"]
    if not r["runner"]:
        return 0.0, 0.0
    o = 1 + (bet["odds"] - 1) * (1 - r["rule4"])
    ew = bet["row"].get("eachWay")
    if ew:
        half = bet["stake"] / 2
        return (
            half * (share(r, 1) * o - 1),
            half * (share(r, ew["places"]) * (1 + (o - 1) * ew["fraction"]) - 1),
        )
    win = bet["stake"] * (share(r, 1) * o - 1)
    return (win if bet["row"]["side"] == "back" else -win), 0.0


def pnl(bet, bets, rate):
    """Gain less the bet's part of the commission of its race's two markets."""
    total = 0.0
    race = [b for b in bets if b["row"]["raceId"] == bet["row"]["raceId"]]
    for part in (0, 1):
        own = gross(bet)[part]
        net = sum(gross(b)[part] for b in race)
        won = sum(max(0.0, gross(b)[part]) for b in race)
        total += own - (rate * max(0.0, net) * own / won if own > 0 else 0.0)
    return total


def simulate(rows, s):
    settled_at = {}
    for r in rows:
        settled_at[r["raceId"]] = max(settled_at.get(r["raceId"], 0), r["settledMs"])
    bets, first_bank = [], {}
    for r in sorted(rows, key=lambda r: (r["decisionMs"], r["betId"])):
        now = r["decisionMs"]
        done = [b for b in bets if settled_at[b["row"]["raceId"]] <= now]
        bank = s["bank"]
        if s["bankroll"] == "compound":
            bank += sum(pnl(b, bets, s["commission"]) for b in done)
        first_bank.setdefault(r["day"], bank)
        slip = s.get("slippage", 0)
        o = 1 + (r["odds"] - 1) * (1 - slip if r["side"] == "back" else 1 + slip)
        rules = s.get("rules", {})
        p = r["p"]
        edge = p * o - 1 if r["side"] == "back" else 1 - p * o
        if r.get("eachWay"):
            ew = r["eachWay"]
            edge = 0.5 * (p * o - 1) + 0.5 * (ew["pPlace"] * (1 + (o - 1) * ew["fraction"]) - 1)
        if edge < rules.get("minEdge", -math.inf) or not rules.get("minOdds", 0) <= o <= rules.get("maxOdds", math.inf):
            continue
        here = [b for b in bets if b["row"]["raceId"] == r["raceId"]]
        today = [b for b in bets if b["row"]["day"] == r["day"]]
        if len(here) >= rules.get("maxPerRace", math.inf) or len(today) >= rules.get("maxPerDay", math.inf):
            continue
        lost = -sum(pnl(b, bets, s["commission"]) for b in done if b["row"]["day"] == r["day"])
        if lost >= rules.get("dailyStop", math.inf) * first_bank[r["day"]]:
            continue
        staking = s["staking"]
        if staking["method"] == "kelly":
            full = kelly_back if r["side"] == "back" else kelly_lay
            wanted = staking["fraction"] * full(p, o, s["commission"])
        else:
            wanted = staking["fraction"] if staking["method"] == "fixed" else staking["amount"] / bank
        room = [
            wanted,
            staking.get("maxStake", 1),
            staking.get("maxRace", math.inf) - sum(b["atRisk"] for b in here) / bank,
            staking.get("maxDay", math.inf) - sum(b["atRisk"] for b in today) / bank,
        ]
        risk = bank * min(room) if bank > 0 else 0
        if risk <= 1e-9 * bank:  # the rounding a cap leaves when it is reached
            continue
        stake = risk if r["side"] == "back" else risk / (o - 1)
        bets.append({"row": r, "odds": o, "stake": stake, "atRisk": risk})
    return [
        {"betId": b["row"]["betId"], "stake": b["stake"], "pnl": pnl(b, bets, s["commission"])} for b in bets
    ]


def made_up(each_way):
    rows = []
    for day in range(5):
        for race in range(5):
            off = (20000 + day) * DAY + (13 + race) * HOUR
            field = int(rng.integers(5, 10))
            p = rng.dirichlet(np.full(field, 1.5))
            order = list(rng.choice(field, size=field, replace=False, p=p))
            position = {horse: place + 1 for place, horse in enumerate(order)}
            tied = {horse: 1 for horse in order}
            if rng.random() < 0.25:  # a dead heat of two somewhere in front
                at = int(rng.integers(0, 3))
                position[order[at + 1]] = position[order[at]]
                tied[order[at]] = tied[order[at + 1]] = 2
            withdrawn = rng.random() < 0.3
            for horse in range(field):
                runner = not (withdrawn and horse == order[-1])
                result = {
                    "runner": runner,
                    "position": position[horse] if runner and rng.random() > 0.1 else None,
                    "tied": tied[horse],
                    "rule4": 0.15 if withdrawn else 0,
                }
                side = "back" if each_way or rng.random() < 0.7 else "lay"
                row = {
                    "betId": f"{day}-{race}-{horse}",
                    "raceId": f"R{day}-{race}",
                    "day": 20000 + day,
                    "decisionMs": off - int(rng.integers(1, 4)) * HOUR // 2,
                    "settledMs": off + HOUR // 12,
                    "side": side,
                    "p": round(float(p[horse]), 4),
                    "odds": round(float(max(1.01, (0.7 + 0.7 * rng.random()) / p[horse])), 2),
                    "result": result,
                }
                if each_way:
                    row["eachWay"] = {"places": 3, "fraction": 0.2, "pPlace": round(float(min(1, 2.3 * p[horse])), 4)}
                rows.append(row)
    return rows


def case(name, settings, each_way=False):
    rows = made_up(each_way)
    return {"name": name, "settings": settings, "rows": rows, "bets": simulate(rows, settings)}


kelly = {"method": "kelly", "fraction": 0.25, "maxStake": 0.02, "maxRace": 0.03, "maxDay": 0.08}
cases = [
    case("Kelly, compound, all caps", {"bank": 1000, "bankroll": "compound", "staking": kelly, "commission": 0.02}),
    case(
        "Kelly, flat bank, rules",
        {
            "bank": 500,
            "bankroll": "flat",
            "staking": {"method": "kelly", "fraction": 0.5},
            "commission": 0.05,
            "slippage": 0.02,
            "rules": {"minEdge": 0.05, "maxPerRace": 1, "minOdds": 1.5, "maxOdds": 40},
        },
    ),
    case(
        "flat stakes, daily stop",
        {
            "bank": 300,
            "bankroll": "compound",
            "staking": {"method": "flat", "amount": 10},
            "commission": 0.03,
            "rules": {"minEdge": 0.02, "dailyStop": 0.05, "maxPerDay": 9},
        },
    ),
    case(
        "fixed share, each-way",
        {
            "bank": 1000,
            "bankroll": "compound",
            "staking": {"method": "fixed", "fraction": 0.01, "maxRace": 0.025},
            "commission": 0.1,
            "rules": {"minEdge": -0.05},
        },
        each_way=True,
    ),
]
Path(__file__).parent.joinpath("expected", "backtests.json").write_text(json.dumps(cases) + "\n")
for c in cases:
    print(c["name"], len(c["rows"]), len(c["bets"]), sum(b["pnl"] for b in c["bets"]))
