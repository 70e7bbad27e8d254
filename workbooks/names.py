"""Names of persons: family names, blanks inside them, and how they are masked."""

import re

SINGLE = frozenset(
    "付王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎"
    "易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄"
    "辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包"
    "司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党"
    "燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟"
    "栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺宦缪干莘邝宿支别从双利班隗仰伊宓蓬鄂索咸籍池荣"
    "胶堵闫代洛骆尚占麦慕庹沃茅平狄羊麻由亓鹿晁惠刑阚阙粟皮祖敬郗蒲涂逄战藤降危隆满国门火师展岩"
    "水元贡逯种昌由居翦璩"
)  # fmt: skip
COMPOUND = frozenset(
    (
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐",
        "司徒", "夏侯", "端木", "南宫", "长孙", "宇文", "轩辕", "呼延", "钟离", "独孤",
        "司空", "闻人", "澹台", "公羊", "赫连", "太史", "申屠", "仲孙", "百里", "东郭",
        "西门", "濮阳", "淳于", "单于", "公冶", "宗政", "鲜于", "闾丘", "亓官", "拓跋",
        "夹谷", "谷梁", "乐正", "完颜", "纳兰", "爱新", "叶赫", "左丘",
    )
)  # fmt: skip

HAN = "㐀-鿿"
_SPACED = re.compile(rf"(?<![{HAN}])[{HAN}](?:\s+[{HAN}])+(?![{HAN}])")
_SPLIT = re.compile(rf"(?<![{HAN}])([{HAN}])\s+([{HAN}]{{2}})(?![{HAN}])")


def surname_of(name: str) -> str:
    """The family name at the start of a name, or nothing."""
    if name[:2] in COMPOUND:
        return name[:2]
    return name[:1] if name[:1] in SINGLE else ""


def join_name(text: str) -> str:
    """Names without the blanks that line up short ones (靳 三 -> 靳三, 王 小明 -> 王小明).

    Whole names with a blank between them stay apart (罗玉芳 宁兰), also where every character has
    one (王 芳 李 明 -> 王芳 李明).
    """
    text = _SPACED.sub(lambda match: _join("".join(match[0].split())), text.strip())
    return _SPLIT.sub(r"\1\2", text)


def _join(characters: str) -> str:
    is_one_name = len(characters) < 4 or (len(characters) == 4 and characters[:2] in COMPOUND)
    if is_one_name or len(characters) % 2:
        return characters
    return " ".join(characters[i : i + 2] for i in range(0, len(characters), 2))


def mask_name(name: str) -> str:
    """Two characters: 王*; three or more: the first, stars, the last (欧**贵)."""
    return name[0] + "*" * max(len(name) - 2, 1) + name[2:][-1:]
