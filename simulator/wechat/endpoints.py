"""Which path does what: the account's API as one table."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.wechat.api import Answer, Call, Endpoint
from simulator.wechat.errors import ApiError
from simulator.wechat.platform import WeChat
from simulator.wechat.templates import Template, content

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
FOLLOWERS_A_PAGE = 10_000
ADDRESSES = ["127.0.0.1"]


class Endpoints:
    def __init__(self, wechat: WeChat, clock: Clock, faults: Faults) -> None:
        self._wechat = wechat
        self._clock = clock
        self._faults = faults

    def table(self) -> dict[str, Endpoint]:
        wechat = self._wechat
        post = {
            "message/template/send": lambda call: wechat.sending.template(call.json()),
            "message/subscribe/bizsend": lambda call: wechat.sending.notice(call.json()),
            "message/subscribe/send": self._wrong_variant,
            "message/custom/send": self._custom,
            "message/custom/typing": lambda call: wechat.sending.typing(call.json()),
            "menu/create": self._menu_create,
            "qrcode/create": lambda call: wechat.qr.create(call.json()),
            "user/info/batchget": self._users,
            "user/info/updateremark": self._remark,
            "media/upload": self._upload,
            "callback/check": self._callback_check,
            "clear_quota": self._clear_quota,
            "openapi/quota/get": self._quota,
            "template/del_private_template": self._delete_template,
        }
        get = {
            "menu/get": self._menu,
            "menu/delete": self._menu_delete,
            "get_current_selfmenu_info": self._current_menu,
            "user/info": lambda call: self._user(call.query("openid")),
            "user/get": self._followers,
            "media/get": self._medium,
            "get_api_domain_ip": lambda _: {"ip_list": ADDRESSES},
            "getcallbackip": lambda _: {"ip_list": ADDRESSES},
            "template/get_all_private_template": self._templates,
            "wxaapi/newtmpl/gettemplate": self._notices,
            "ticket/getticket": self._ticket,
        }
        table = {path: Endpoint(handler) for path, handler in post.items()}
        table |= {path: Endpoint(handler, "GET") for path, handler in get.items()}
        table["token"] = Endpoint(self._token, "GET", needs_token=False)
        table["stable_token"] = Endpoint(self._stable_token, needs_token=False)
        table["clear_quota/v2"] = Endpoint(self._clear_quota_by_secret, needs_token=False)
        oauth = wechat.oauth
        web_login = {
            "sns/oauth2/access_token": oauth.access_token,
            "sns/oauth2/refresh_token": oauth.refresh,
            "sns/userinfo": oauth.user,
            "sns/auth": oauth.check,
        }
        for path, does in web_login.items():
            table[path] = Endpoint(_queried(does), "GET", needs_token=False)
        table["showqrcode"] = Endpoint(self._picture, "GET", needs_token=False)
        return table

    def _token(self, call: Call) -> Answer:
        self._check_address(call)
        if call.query("grant_type") != "client_credential":
            raise ApiError(40002)
        self._wechat.tokens.authenticate(call.query("appid"), call.query("secret"))
        token, seconds = self._wechat.tokens.plain()
        return {"access_token": token, "expires_in": seconds}

    def _stable_token(self, call: Call) -> Answer:
        self._check_address(call)
        given = call.json()
        if given.get("grant_type") != "client_credential":
            raise ApiError(40002)
        tokens = self._wechat.tokens
        tokens.authenticate(given.get("appid"), given.get("secret"))
        force = given.get("force_refresh") is True
        token, seconds = tokens.stable(self._clock.today(), force=force)
        return {"access_token": token, "expires_in": seconds}

    def _check_address(self, call: Call) -> None:
        if self._faults.unlisted_address:
            ip = call.request.remote or "127.0.0.1"
            raise ApiError(40164, f"invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist")

    def _wrong_variant(self, _call: Call) -> Answer:
        # The mini-program's variant: nobody has consented to that (wechat.md 2.4).
        raise ApiError(43101)

    def _custom(self, call: Call) -> Answer:
        return self._wechat.sending.custom(call.json(literal_escapes=True))

    def _menu_create(self, call: Call) -> Answer:
        self._wechat.menu.create(call.json(literal_escapes=True))
        self._wechat.menu_changed()
        return OK

    def _menu(self, _call: Call) -> Answer:
        if self._wechat.menu.created is None:
            raise ApiError(46003)
        return {"menu": {"button": self._wechat.menu.created}}

    def _menu_delete(self, _call: Call) -> Answer:
        self._wechat.menu.delete()
        self._wechat.menu_changed()
        return OK

    def _current_menu(self, _call: Call) -> Answer:
        created = self._wechat.menu.created
        if created is None:
            return {"is_menu_open": 0}
        return {"is_menu_open": 1, "selfmenu_info": {"button": created}}

    def _user(self, openid: object) -> dict[str, Any]:
        follower = self._wechat.followers.addressed(openid)
        if not follower.following:
            return {"subscribe": 0, "openid": follower.openid}
        # Since 2021 nickname and picture are empty (wechat.md 2.5).
        return {
            "subscribe": 1,
            "openid": follower.openid,
            "nickname": "",
            "sex": 0,
            "language": "zh_CN",
            "city": "",
            "province": "",
            "country": "",
            "headimgurl": "",
            "subscribe_time": int(follower.since),
            "remark": follower.remark,
            "groupid": 0,
            "tagid_list": [],
            "subscribe_scene": "ADD_SCENE_QR_CODE" if follower.scene else "ADD_SCENE_SEARCH",
            "qr_scene": 0,
            "qr_scene_str": follower.scene,
        }

    def _users(self, call: Call) -> Answer:
        listed = call.json().get("user_list")
        if not isinstance(listed, list) or not 1 <= len(listed) <= 100:
            raise ApiError(40032, "invalid openid list size")
        openids = [one.get("openid") if isinstance(one, dict) else None for one in listed]
        return {"user_info_list": [self._user(openid) for openid in openids]}

    def _remark(self, call: Call) -> Answer:
        given = call.json()
        remark = given.get("remark", "")
        if not isinstance(remark, str) or len(remark) >= 30:
            raise ApiError(40035)
        self._wechat.followers.addressed(given.get("openid")).remark = remark
        return OK

    def _followers(self, call: Call) -> Answer:
        everybody = self._wechat.followers.following()
        after = call.query("next_openid")
        start = everybody.index(after) + 1 if after in everybody else 0
        page = everybody[start : start + FOLLOWERS_A_PAGE]
        answer: dict[str, Any] = {"total": len(everybody), "count": len(page)}
        if page:
            answer["data"] = {"openid": page}
        return answer | {"next_openid": page[-1] if page else ""}

    async def _upload(self, call: Call) -> Answer:
        if not call.request.content_type.startswith("multipart/"):
            raise ApiError(41005)
        reader = await call.request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name == "media" and part.filename:
                data = bytes(await part.read())
                kind = call.query("type")
                content_type = part.headers.get("Content-Type", "application/octet-stream")
                media_id, medium = self._wechat.media.upload(
                    kind, part.filename, content_type, data
                )
                name = "thumb_media_id" if kind == "thumb" else "media_id"
                return {"type": kind, name: media_id, "created_at": medium.created_at}
        raise ApiError(41005)

    def _medium(self, call: Call) -> Answer:
        medium = self._wechat.media.get(call.query("media_id"))
        if medium.kind == "video":
            return {"video_url": f"http://127.0.0.1/{call.query('media_id')}.mp4"}
        return web.Response(body=medium.content, content_type=medium.content_type)

    def _callback_check(self, _call: Call) -> Answer:
        return {
            "dns": [{"ip": "127.0.0.1", "real_operator": "DEFAULT"}],
            "ping": [
                {
                    "ip": "127.0.0.1",
                    "from_operator": "DEFAULT",
                    "package_loss": "0%",
                    "time": "0.1ms",
                }
            ],
        }

    def _clear_quota(self, call: Call) -> Answer:
        if call.json().get("appid") != self._wechat.pushes.keys.app_id:
            raise ApiError(40013)
        self._wechat.quotas.clear()
        return OK

    def _clear_quota_by_secret(self, call: Call) -> Answer:
        given = call.json() if call.body else dict(call.request.query)
        self._wechat.tokens.authenticate(given.get("appid"), given.get("appsecret"))
        self._wechat.quotas.clear()
        return OK

    def _quota(self, call: Call) -> Answer:
        path = str(call.json().get("cgi_path", "")).removeprefix("/cgi-bin/")
        limit = self._wechat.quotas.limit(path)
        if limit is None:
            raise ApiError(76021, "cgi_path not found")
        used = self._wechat.quotas.used(path)
        quota = {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
        return OK | {"quota": quota}

    def _templates(self, _call: Call) -> Answer:
        return {"template_list": [_listed(t) for t in self._wechat.sending.templates]}

    def _notices(self, _call: Call) -> Answer:
        listed = [
            {"priTmplId": t.id, "title": t.title, "content": content(t), "example": "", "type": 2}
            for t in self._wechat.sending.notices
        ]
        return OK | {"data": listed}

    def _delete_template(self, call: Call) -> Answer:
        if not self._wechat.sending.templates.delete(str(call.json().get("template_id"))):
            raise ApiError(40037)
        return OK

    def _ticket(self, call: Call) -> Answer:
        if call.query("type") not in ("jsapi", "wx_card"):
            raise ApiError(40097, "invalid args")
        # The same for two hours, as the real one is where it is asked for too often.
        period = int(self._clock.real() // 7200)
        digest = hashlib.sha256(f"{call.query('type')} {period}".encode()).digest()
        ticket = base64.urlsafe_b64encode(digest * 2).decode().rstrip("=")
        return OK | {"ticket": ticket, "expires_in": 7200 - int(self._clock.real() % 7200)}

    def _picture(self, call: Call) -> Answer:
        picture = self._wechat.qr.picture(call.query("ticket"))
        if picture is None:
            return web.Response(status=404)
        return web.Response(body=picture, content_type="image/png")


def _queried(does: Callable[[Mapping[str, str]], dict[str, Any]]) -> Callable[[Call], Answer]:
    return lambda call: does(call.request.query)


def _listed(template: Template) -> dict[str, str]:
    return {
        "template_id": template.id,
        "title": template.title,
        "primary_industry": "",
        "deputy_industry": "",
        "content": content(template),
        "example": "",
    }
