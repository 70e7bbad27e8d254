"""The pretend WeChat platform: pushes to the service, judges its replies, answers its calls."""
