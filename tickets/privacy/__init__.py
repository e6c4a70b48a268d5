"""The privacy notice, requests about personal data, and deletion in time.

`notice.py` (queries): the privacy notice (个人信息处理告知), version by version.
"""
