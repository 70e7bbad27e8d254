"""The edge towards the WeChat platform: envelopes, messages, passive replies."""
