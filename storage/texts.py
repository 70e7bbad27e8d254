"""What people read in files that the store writes."""

KEY_FILE = """\
# Mingbai 的密钥文件。电话号码、微信号和没处理完的消息都用它加密。
# 丢了它,这些内容谁也读不出来;别人拿到它和数据库,就都能读出来。
# 不要改,不要发给别人,不要和数据库、备份放在一起。另存一份在安全的地方。
"""
