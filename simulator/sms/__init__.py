"""The pretend SMS gateways: Aliyun's API, a government port, and the callbacks of both."""
