#!/usr/bin/env python3
"""核对一个地方公开过的东西有没有被改动过。只读公开数据,只用 Python 自带的东西。

用法: python3 verify_chain.py https://公开网址 [--head 以前记下的链头]

Checks from outside what docs/verify.md describes: the chain link by link, and every version that
is shown against its link. Shares no code with the service. Exit status: 0 all holds, 1 something
was changed, 2 it could not be checked.
"""

# ruff: noqa: T201 - a script that stands alone speaks by printing

import argparse
import hashlib
import json
import re
import sys
import urllib.error
import urllib.request

GENESIS = "0" * 64
PERSONAL = ("payee", "summary")


class Changed(Exception):
    """Something is not what it was when it was published; the text says what."""


class Unreadable(Exception):
    """The public data cannot be read."""


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fen(yuan):
    """'-300.00' -> -30000"""
    if yuan is None:
        return None
    match = re.fullmatch(r"(-?)(\d+)\.(\d\d)", yuan)
    if not match:
        raise Changed(f"金额 {yuan} 不是金额")
    amount = int(match[2]) * 100 + int(match[3])
    return -amount if match[1] else amount


def yuan(amount):
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100:,}.{abs(amount) % 100:02d}元"


class Source:
    """The public data of one service."""

    def __init__(self, base):
        if not re.match(r"https?://", base):
            raise Unreadable(f"网址要以 http:// 或 https:// 开头: {base}")
        self.base = base.rstrip("/")

    def get(self, path):
        try:
            with urllib.request.urlopen(f"{self.base}/api/v1/{path}", timeout=60) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise Unreadable(f"{path} 读不到({error.code})") from error
        except (OSError, ValueError) as error:
            raise Unreadable(f"{path} 读不到") from error

    def links(self):
        links = []
        while True:
            page = self.get(f"chain.json?after={len(links)}")
            if page is None:
                raise Unreadable("这个网址没有公开数据")
            if not page:
                return links
            links.extend(page)


# --- the chain ------------------------------------------------------------------------------------


def check_links(links, noted):
    """Whether every link follows from the one before, and the noted head is one of them."""
    previous, seen = GENESIS, GENESIS.startswith(noted)
    for number, link in enumerate(links, 1):
        told = {name: link[name] for name in ("at", "content", "disclosure", "event", "seq")}
        if link["seq"] != number:
            raise Changed(f"第 {number} 次公开的记录少了,或者重复了")
        if digest(canonical({**told, "previous": previous})) != link["hash"]:
            raise Changed(f"第 {number} 次公开的记录和前面的接不上")
        previous = link["hash"]
        seen = seen or previous.startswith(noted)
    if not seen:
        raise Changed("以前记下的链头不在里面:整条链被重做过")
    return previous


# --- published accounts ---------------------------------------------------------------------------


def check_month(data, links, erased):
    """Whether a month shows every version that the chain knows, each as it was published."""
    shown = {}
    for name in ("books", "earlier"):
        for version in data[name]:
            shown[version["id"]] = version
    withdrawn = {version["id"]: version for version in data["withdrawn"]}
    newest = {}
    for link in links["published"]:
        identity, where = link["disclosure"], name_of(link)
        newest[link["book"]] = link
        if identity in withdrawn:
            check_withdrawal(withdrawn[identity], links["withdrawn"].get(identity), where)
        elif identity in shown:
            check_version(shown.pop(identity), data["code"], link, where)
        else:
            raise Changed(f"{where}公开过,现在看不到了")
    if shown:
        raise Changed(f"{data['village']} {data['period']} 有一份账没有公开的记录")
    check_current(data, newest, withdrawn)
    for identity, link in erased.items():
        check_erasure(data, identity, link)


def check_current(data, newest, withdrawn):
    """Whether the newest version is the one in force."""
    current = {version["book"]: version["id"] for version in data["books"]}
    for book, link in newest.items():
        wanted = None if link["disclosure"] in withdrawn else link["disclosure"]
        if current.get(book) != wanted:
            raise Changed(f"{name_of(link)}是最新的,现在显示的不是它")


def check_version(version, village, link, where):
    entries = [body_entry(entry, where) for entry in version["entries"]]
    body = {
        "book": version["book"],
        "class": "财务",
        "closing": fen(version["closing"]),
        "entries": entries,
        "expense": fen(version["expense"]),
        "format": 1,
        "income": fen(version["income"]),
        "kind": "accounts",
        "opening": fen(version["opening"]),
        "period": link["period"],
        "reason": version["reason"],
        "version": version["version"],
        "village": village,
    }
    if digest(canonical(body)) != link["content"]:
        raise Changed(f"{where}的内容被改过")
    if version["published_at"] != link["at"] or version["book"] != link["book"]:
        raise Changed(f"{where}的公开时间或账套,和公开时不一样")
    check_sums(body, where)


def body_entry(entry, where):
    """The entry as it was hashed, once its personal values are seen to fit their hashes."""
    personal = {f"{name}{end}" for name in PERSONAL for end in ("", "_salt", "_hash")}
    body = {name: value for name, value in entry.items() if name not in personal}
    body["amount"] = fen(entry["amount"])
    for name in PERSONAL:
        value, salt, known = entry[name], entry[f"{name}_salt"], entry[f"{name}_hash"]
        if (value is None) != (salt is None) or (
            value is not None and digest(salt + value) != known
        ):
            raise Changed(f"{where} {entry['date']} {entry['voucher_no']} 的对方或摘要被改过")
        body[name] = known
    return body


def check_sums(body, where):
    """Whether the figures add up; the chain alone says only that they are as published."""
    for name, direction in (("income", "收入"), ("expense", "支出")):
        total = sum(e["amount"] for e in body["entries"] if e["direction"] == direction)
        if total != body[name]:
            raise Changed(f"{where}的{direction}合计 {yuan(body[name])},各笔加起来是 {yuan(total)}")
    if body["opening"] is not None and body["closing"] is not None:
        result = body["opening"] + body["income"] - body["expense"]
        if result != body["closing"]:
            raise Changed(f"{where}月初加收入减支出,不等于月末")


def check_withdrawal(version, link, where):
    told = {"disclosure": version["id"], "reason": version["withdrawn_reason"]}
    if link is None or digest(canonical(told)) != link["content"]:
        raise Changed(f"{where}撤下的理由被改过,或者没有撤下的记录")


def check_erasure(data, identity, link):
    for version in [*data["books"], *data["earlier"]]:
        if version["id"] == identity:
            absent = absent_fields(version)
            told = {"disclosure": identity, "fields": absent}
            content = link["content"] if link else None
            if (absent or link) and digest(canonical(told)) != content:
                raise Changed(f"{name_of(link or version)}里不见了的姓名或摘要,和隐去的记录对不上")


def absent_fields(version):
    return sorted(
        f"{entry['id']}.{name}"
        for entry in version["entries"]
        for name in PERSONAL
        if entry[name] is None
    )


def name_of(link):
    return f"{link.get('village', '')} {link.get('period', '')} {link['book']}第{link['version']}版"


# --- everything else that is published ------------------------------------------------------------


def check_series(source, place):
    """Whether every version of one disclosure that the chain knows is shown as it was published."""
    newest = place["published"][-1]["disclosure"]
    for link in place["published"]:
        identity, where = link["disclosure"], name_of(link)
        data = source.get(f"{link['village']}/disclosures/{identity}.json")
        if data is None:
            raise Changed(f"{where}公开过,现在看不到了")
        if data["published_at"] != link["at"]:
            raise Changed(f"{where}的公开时间,和公开时不一样")
        withdrawal = place["withdrawn"].get(identity)
        if data["state"] == "withdrawn":
            check_withdrawal(data, withdrawal, where)
            continue
        if withdrawal or (data["state"] == "published") != (identity == newest):
            raise Changed(f"{where}是撤下、更正还是有效,和记录对不上")
        check_body(data, link, where)
        check_personal(data, place["erased"].get(identity), where)


def check_body(data, link, where):
    body = data["body"]
    if digest(canonical(body)) != link["content"]:
        raise Changed(f"{where}的内容被改过")
    if any(body[name] != link[name] for name in ("village", "kind", "book", "period", "version")):
        raise Changed(f"{where}登记在别的名目下了")


def check_personal(data, erased, where):
    """Whether the personal values fit their hashes, and those that are gone were erased."""
    hashes = {
        f"{entry['id']}.{name}": entry[name]
        for entry in data["body"]["entries"]
        for name in data["body"]["personal"]
        if name in entry
    }
    for field, (salt, value) in data["personal"].items():
        if digest(salt + value) != hashes.get(field):
            raise Changed(f"{where}里的姓名等个人信息被改过")
    absent = sorted(hashes.keys() - data["personal"].keys())
    told = {"disclosure": data["id"], "fields": absent}
    content = erased["content"] if erased else None
    if (absent or erased) and digest(canonical(told)) != content:
        raise Changed(f"{where}里不见了的个人信息,和隐去的记录对不上")


# --- all of it ------------------------------------------------------------------------------------


def check(source, noted):
    """Checks everything; what is published in the meantime is no mistake: then it starts anew."""
    known = -1
    while True:
        links = source.links()
        try:
            return check_all(source, links, noted)
        except Changed:
            if len(links) == known:
                raise
            known = len(links)


def check_all(source, links, noted):
    last = check_links(links, noted)
    head = source.get("head.json")
    if head["length"] < len(links) or (head["length"] == len(links) and head["head"] != last):
        raise Changed("公布的链头和链的末尾不一样")
    months, others = by_disclosure(links)
    for (village, period), place in sorted(months.items()):
        data = source.get(f"{village}/accounts/{period}.json")
        if data is None:
            raise Changed(f"{village} {period} 公开过,现在看不到了")
        check_month(data, place, place["erased"])
    for _, place in sorted(others.items()):
        check_series(source, place)
    return len(links), len(months), len(others), last


def by_disclosure(links):
    """The links of each month of accounts, all books together, and of every other disclosure."""
    months, others = {}, {}
    for link in links:
        month = (link["village"], link["period"])
        key, places = (month, months)
        if link["kind"] != "accounts":
            key, places = (*month, link["kind"], link["book"]), others
        place = places.setdefault(key, {"published": [], "withdrawn": {}, "erased": {}})
        if link["event"] == "published":
            place["published"].append(link)
            place["erased"].setdefault(link["disclosure"], None)
        elif link["event"] in ("withdrawn", "erased"):
            place[link["event"]][link["disclosure"]] = link
        else:
            raise Changed(f"第 {link['seq']} 次公开的记录看不懂,请用新版的核对程序")
    return months, others


def main():
    parser = argparse.ArgumentParser(description="核对公开过的东西有没有被改动过。")
    parser.add_argument("url", help="公开网址,比如 https://zhang.example.cn")
    parser.add_argument("--head", default="", metavar="链头", help="以前记下的链头(至少 16 位)")
    options = parser.parse_args()
    noted = options.head.strip().lower()
    if noted and not re.fullmatch(r"[0-9a-f]{16,64}", noted):
        parser.error("链头是 16 到 64 位的 0-9 和 a-f")
    try:
        links, months, others, last = check(Source(options.url), noted)
    except Unreadable as error:
        print(f"没有核对成:{error}。", file=sys.stderr)
        return 2
    except Changed as error:
        print(f"对不上:{error}。", file=sys.stderr)
        return 1
    except (KeyError, TypeError, AttributeError) as error:
        print(f"没有核对成:公开的数据少了东西({error})。", file=sys.stderr)
        return 2
    print(
        f"都对得上:公开、更正、撤下和隐去一共 {links} 次,{months} 份月账、{others} 份其他公开,"
        "没有被改动过。"
    )
    if noted:
        print("以前记下的链头在里面,从那时起没有被重做过。")
    print(f"现在的链头(抄下来,以后再比): {last}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
