"""The yardstick that many would build: a Celery task a message, `requests`, a transaction each.

Runs in an environment of its own (benchmarks/celery_set.py makes it) and imports nothing of the
product. It works on the same tables: intent, call, outcome, and later the report, each committed.
Told by the environment: BENCH_BROKER, BENCH_STORE, BENCH_PROVIDER, BENCH_ADDRESS_KEY,
BENCH_ID_BYTES, BENCH_AES_KEY, BENCH_TOKEN.
`serve PORT` takes the reports, `enqueue CHANNEL` queues what is due.
"""

import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
import uuid
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from aliyunsdkcore.auth.composer.rpc_signature_composer import get_signed_url
from celery import Celery
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from nacl.secret import SecretBox

STORE = os.environ["BENCH_STORE"]
PROVIDER = os.environ["BENCH_PROVIDER"]
NEVER = 9_999_999_999_999
app = Celery("bench", broker=os.environ["BENCH_BROKER"])
app.conf.update(
    task_ignore_result=True, task_acks_late=True, broker_connection_retry_on_startup=True
)
_session = None
_connection = None


def connection():
    global _connection
    if _connection is None:
        if STORE.startswith("sqlite://"):
            _connection = sqlite3.connect(STORE[9:], timeout=30, isolation_level=None)
            _connection.execute("PRAGMA synchronous = FULL")
        else:
            import psycopg2

            _connection = psycopg2.connect(STORE)
    return _connection


def run(statements):
    """All of them in one transaction; the rows of the first."""
    sqlite = STORE.startswith("sqlite://")
    cursor = connection().cursor()
    if sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    found = []
    for number, (sql, values) in enumerate(statements):
        cursor.execute(sql if sqlite else sql.replace("?", "%s"), values)
        if number == 0 and cursor.description:
            found = cursor.fetchall()
    if sqlite:
        cursor.execute("COMMIT")
    else:
        connection().commit()
    return found


def session():
    global _session
    if _session is None:
        _session = requests.Session()
    return _session


@app.task(name="send")
def send(delivery_id, channel):
    now, attempt = int(time.time() * 1000), uuid.uuid4().hex[:20]
    gateway = "wechat" if channel == "wechat" else "aliyun"
    claimed = run(
        [
            (
                "UPDATE deliveries SET state = 'sending', owner = 'celery', lease_until = ?,"
                " tries = tries + 1, attempt_id = ?, updated_at = ? WHERE id = ? AND state = 'new'"
                " RETURNING (SELECT a.sealed FROM addresses a WHERE a.person_id ="
                " deliveries.person_id AND a.channel = deliveries.channel AND a.state = 'active'"
                " ORDER BY a.created_at, a.id LIMIT 1)",
                (now + 30_000, attempt, now, delivery_id),
            ),
            (
                "INSERT INTO attempts (id, delivery_id, channel, gateway, state, code, reference,"
                " looked_up, cost_fen, started_at) VALUES (?, ?, ?, ?, 'sending', '', '', 0, 0, ?)",
                (attempt, delivery_id, channel, gateway, now),
            ),
        ]
    )
    if not claimed:
        return
    box = SecretBox(bytes.fromhex(os.environ["BENCH_ADDRESS_KEY"]))
    address = box.decrypt(bytes(claimed[0][0])[int(os.environ["BENCH_ID_BYTES"]) :]).decode()
    reference = by_wechat(address, attempt) if channel == "wechat" else by_sms(address, attempt)
    now = int(time.time() * 1000)
    run(
        [
            (
                "UPDATE attempts SET state = 'taken', reference = ?, cost_fen = 5, finished_at = ?"
                " WHERE id = ?",
                (reference, now, attempt),
            ),
            (
                "UPDATE deliveries SET state = 'sent', owner = '', lease_until = NULL,"
                " updated_at = ? WHERE id = ? AND attempt_id = ? AND state = 'sending'",
                (now, delivery_id, attempt),
            ),
        ]
    )


def by_sms(phone, attempt):
    form = {
        "PhoneNumbers": phone, "SignName": "明禾公开", "TemplateCode": "SMS_notice",
        "OutId": attempt,
        "TemplateParam": json.dumps({"title": "通知", "text": "明天开会"}, ensure_ascii=False),
    }  # fmt: skip
    public = {"Action": "SendSms", "Version": "2017-05-25", "RegionId": "cn-hangzhou"}
    path, _ = get_signed_url(public, "key", "secret", "JSON", "POST", dict(form))
    answer = session().post(
        PROVIDER + path,
        data=urlencode(form).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=5,
    )
    return answer.json()["BizId"]


def by_wechat(openid, attempt):
    body = {
        "touser": openid, "template_id": "wx-notice", "client_msg_id": attempt,
        "data": {"thing1": {"value": "通知"}, "thing2": {"value": "明天开会"}},
    }  # fmt: skip
    answer = session().post(
        f"{PROVIDER}/cgi-bin/message/template/send",
        params={"access_token": "loopback"},
        data=json.dumps(body, ensure_ascii=False).encode(),
        timeout=5,
    )
    return str(answer.json()["msgid"])


@app.task(name="fold", bind=True, max_retries=50)
def fold(self, gateway, items):
    """Keeps reports, and folds them; one that is faster than its send's outcome comes again."""
    now, early, known = int(time.time() * 1000), [], []
    column = "id" if gateway == "aliyun" else "reference"
    wanted = [out_id or reference for out_id, reference in items]
    states = {
        name: (attempt, state)
        for name, attempt, state in run(
            [
                (
                    f"SELECT {column}, id, state FROM attempts WHERE gateway = ? AND {column} IN"  # noqa: S608
                    f" ({', '.join('?' * len(wanted))})",
                    (gateway, *wanted),
                )
            ]
        )
    }
    for item in items:
        attempt, state = states.get(item[0] or item[1], ("", "sending"))
        (early if state == "sending" else known).append((attempt, item[1], item))
    run(
        [
            one
            for attempt, reference, _ in known
            for one in (
                (
                    "INSERT INTO receipts (id, key, gateway, reference, attempt_id, lookup,"
                    " delivered, code, at, folded) VALUES (?, ?, ?, ?, ?, '', ?, 'DELIVERED', ?, ?)"
                    " ON CONFLICT (key) DO NOTHING",
                    (
                        uuid.uuid4().hex[:20],
                        digest(f"{gateway}{reference}"),
                        gateway, reference, attempt, True, now, True,
                    ),
                ),
                (
                    "UPDATE attempts SET state = 'delivered', finished_at = ? WHERE id = ?",
                    (now, attempt),
                ),
                (
                    "UPDATE deliveries SET state = 'delivered', updated_at = ?"
                    " WHERE id = (SELECT delivery_id FROM attempts WHERE id = ?)"
                    " AND attempt_id = ? AND state = 'sent'",
                    (now, attempt, attempt),
                ),
            )
        ]
    )  # fmt: skip
    if early:
        raise self.retry(args=(gateway, [item for _, _, item in early]), countdown=1)


class Reports(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = urlsplit(self.path)
        if parts.path == "/wechat":
            xml = opened(parse_qs(parts.query), body)
            fold.delay("wechat", [("", cut(xml, b"<MsgID>", b"</MsgID>").decode())])
        else:
            fold.delay("aliyun", [(r["out_id"], r["biz_id"]) for r in json.loads(body)])
        answer = b'{"code":0,"msg":"ok"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


def opened(query, body):
    sealed = cut(body, b"<Encrypt><![CDATA[", b"]]></Encrypt>")
    parts = sorted(
        (os.environ["BENCH_TOKEN"], query["timestamp"][0], query["nonce"][0], sealed.decode())
    )
    made = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
    assert hmac.compare_digest(made, query["msg_signature"][0])
    key = b64decode(os.environ["BENCH_AES_KEY"] + "=")
    decoder = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decoder.update(b64decode(sealed)) + decoder.finalize()
    return plain[20 : 20 + int.from_bytes(plain[16:20], "big")]


def digest(text):
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def cut(text, before, after):
    return text.partition(before)[2].partition(after)[0]


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Reports).serve_forever()
    else:
        due = run(
            [("SELECT id FROM deliveries WHERE state = 'new' AND channel = ?", (sys.argv[2],))]
        )
        with app.producer_pool.acquire() as producer:
            for (delivery_id,) in due:
                send.apply_async((delivery_id, sys.argv[2]), producer=producer)
