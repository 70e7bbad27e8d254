"""Draws the pictures beside this file anew, from the fictional county.

.venv/bin/python docs/screens/make_pictures.py
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pictures import FlowChart, Picture, RiskChart, pdf, png
from tests.pictures.samples import make_account_card, make_education_card, make_item, make_notice

HERE = Path(__file__).resolve().parent


def main() -> None:
    drawn: dict[str, Picture] = {
        "flow": FlowChart(make_item()),
        "risk": RiskChart(make_item().public()),
        "risk-internal": RiskChart(make_item()),
        "account-card": make_account_card(),
        "education-card": make_education_card(),
    }
    for name, picture in drawn.items():
        (HERE / f"{name}.png").write_bytes(png(picture)[0])
    notice = make_notice()
    (HERE / "board-notice.png").write_bytes(png(notice, pixels_per_point=1.25)[0])
    (HERE / "board-notice.pdf").write_bytes(pdf(notice))


if __name__ == "__main__":
    main()
