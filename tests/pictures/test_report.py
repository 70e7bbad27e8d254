"""The monthly report is set in type, whatever is not there."""

from datetime import date

from pictures import MonthlyReport, ReportLine, ReportPlace, pdf, png


def report(places: int) -> MonthlyReport:
    line = ReportLine("公开透明", "到期的事项,按时公开的", "87%(870/1000)", "没有记录")
    return MonthlyReport(
        region="双河口龙门寺回族土家族乡",
        period="2026-11",
        made_on=date(2026, 11, 24),
        lines=(line,) * 7,
        others=(line,) * 4,
        heads=("公开透明", "公开覆盖", "简便高效", "群众满意"),
        places=tuple(
            ReportPlace(f"大坪里回族土家族苗族联合村{n}", ("100%(12/12)",) * 4)
            for n in range(places)
        ),
        topics=(("低保", "12", "少于5,不写"),) if places else (),
    )


def test_a_county_with_many_places_runs_over_pages() -> None:
    assert pdf(report(200)).startswith(b"%PDF")
    assert len(png(report(200), pixels_per_point=0.2)) > 3


def test_nothing_below_and_nothing_asked_is_one_page() -> None:
    assert len(png(report(0), pixels_per_point=0.2)) == 1
