"""What settings understand, and what they never show."""

from datetime import time

import pytest

from notifications.settings import HttpGatewaySettings, SmsSettings, TimeWindow, WeChatSettings


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (time(19, 59, 59), False),
        (time(20), True),
        (time(0), True),
        (time(7, 59, 59), True),
        (time(8), False),
    ],
)
def test_a_window_may_run_over_midnight(moment: time, inside: bool) -> None:
    assert (moment in TimeWindow.parse("20:00-08:00")) is inside


def test_a_window_within_the_day_ends_before_its_end() -> None:
    window = TimeWindow.parse("12:00-14:00")

    assert time(12) in window
    assert time(14) not in window
    assert str(window) == "12:00-14:00"


def test_a_window_of_no_length_holds_nothing() -> None:
    assert time(0) not in TimeWindow.parse("00:00-00:00")


@pytest.mark.parametrize("text", ["", "20:00", "20-08", "25:00-08:00", "20:00-08:60", "夜里"])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        TimeWindow.parse(text)


def test_secrets_stay_out_of_the_representation() -> None:
    secret = "s3cr3t"
    settings = [
        WeChatSettings(
            app_secret=secret,
            token=secret,
            encoding_aes_key=secret,
            previous_token=secret,
            previous_encoding_aes_key=secret,
        ),
        SmsSettings(
            access_key_id=secret,
            access_key_secret=secret,
            callback_secret=secret,
            previous_callback_secret=secret,
            http=HttpGatewaySettings(
                url=f"https://sms.example/{secret}",
                headers={"X-Key": secret},
                body=secret,
                ok_path="code",
                ok_value="0",
            ),
        ),
    ]

    assert all(secret not in repr(one) for one in settings)
