"""Signatures and the AES envelope against vectors of the openssl command line (wechat.md 1.2).

    K=$(printf %s "$ENCODING_AES_KEY=" | openssl base64 -d -A | xxd -p -c 64); IV=${K:0:32}
    BODY=hex(RANDOM16) length(4 bytes) hex(MESSAGE) hex(APP_ID) and 4 bytes 04
    printf %s "$BODY" | xxd -r -p | openssl enc -aes-256-cbc -nopad -K $K -iv $IV \\
        | openssl base64 -A
    printf '%s\\n' simulator 1790000000 1234567890 ["$ENCRYPT"] | LC_ALL=C sort | tr -d '\\n' \\
        | openssl dgst -sha1
"""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from simulator.wechat.envelope import Envelope, Unreadable, sign

ENCODING_AES_KEY = "simulatorsimulatorsimulatorsimulatorsimulaU"
APP_ID = "wx5e1f00d0c0ffee11"
RANDOM16 = b"0123456789abcdef"
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_51e0f00dcafe]]></ToUserName>"
    "<Content><![CDATA[上个月花了多少钱]]></Content></xml>"
).encode()
ENCRYPT = (
    "lVTniiFuZg0QmffbRFGP7+AFEVMk6wejJzUsAH8iK8TfOgydqXt8/BQt7ER1iqEzj4nK7snJem7tfxnK79IgDapwy4qm"
    "9KtpZNItpAG3D8sGPtMijTZNnGO/eZDZKjpd3aCkjh/Wj+CXM8XX/sXRkFb+DMWoiOasYzbf033d//DLsS97z87T4xAm"
    "1nr8UaSDzRz1lnH1v9FtaxxbxmnMLg=="
)
SIGNATURE = "4bbe6df2fe0af4c165d699000b07383b4a4c064e"
MSG_SIGNATURE = "576a8adf9b8588679594a19e0d4096262b955c7e"


@pytest.fixture
def envelope() -> Envelope:
    return Envelope(ENCODING_AES_KEY, APP_ID)


def test_sealing_gives_what_openssl_gives(envelope: Envelope) -> None:
    assert envelope.seal(MESSAGE, RANDOM16) == ENCRYPT


def test_what_openssl_sealed_opens(envelope: Envelope) -> None:
    assert envelope.open(ENCRYPT) == MESSAGE


def test_signatures_are_those_of_openssl() -> None:
    assert sign("simulator", "1790000000", "1234567890") == SIGNATURE
    assert sign("simulator", "1790000000", "1234567890", ENCRYPT) == MSG_SIGNATURE


@given(st.text(max_size=200))
def test_wechatpy_opens_what_is_sealed_and_the_other_way_round(text: str) -> None:
    envelope = Envelope(ENCODING_AES_KEY, APP_ID)
    theirs = PrpCrypto(base64.b64decode(ENCODING_AES_KEY + "="))

    assert theirs.decrypt(envelope.seal(text.encode(), RANDOM16), APP_ID) == text
    assert envelope.open(theirs.encrypt(text, APP_ID).decode()) == text.encode()


def test_padding_is_1_to_32_bytes_and_never_none() -> None:
    envelope = Envelope(ENCODING_AES_KEY, APP_ID)
    for length in range(70):
        sealed = base64.b64decode(envelope.seal(b"x" * length, RANDOM16))
        assert len(sealed) % 32 == 0
        assert len(sealed) > 20 + length + len(APP_ID)


def resealed(plain: bytes) -> str:
    """Encrypt a plaintext as it is, whatever is wrong with it."""
    cipher = Envelope(ENCODING_AES_KEY, APP_ID)._cipher.encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


HEAD = RANDOM16 + b"\x00\x00\x00\x02hi"
BAD = {
    "not base64": ("***", -40010),
    "empty": ("", -40008),
    "no whole block": (base64.b64encode(b"x" * 33).decode(), -40008),
    "padding of zero": (resealed(b"\x00" * 64), -40007),
    "padding over 32": (resealed(b"!" * 64), -40007),
    "uneven padding": (resealed(HEAD + APP_ID.encode() + b"\x01" * 23 + b"\x03"), -40007),
    "blocks of 16": (resealed(HEAD + APP_ID.encode() + b"\x08" * 8), -40008),
    "no head": (resealed(b"x" * 12 + b"\x14" * 20), -40008),
    "length too large": (
        resealed(RANDOM16 + b"\x00\x00\x00\xff" + b"x" * 12 + b"\x20" * 32),
        -40008,
    ),
    "another appid": (resealed(HEAD + b"wx" + b"0" * 16 + b"\x18" * 24), -40005),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_envelope_is_refused_by_its_number(envelope: Envelope, name: str) -> None:
    encrypt, code = BAD[name]

    with pytest.raises(Unreadable) as refused:
        envelope.open(encrypt)

    assert refused.value.code == code
