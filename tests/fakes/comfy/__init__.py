"""A ComfyUI without weights: real HTTP and websocket on loopback, the refusals and the traps of the real server.

`recorded/` holds what a real 0.33.0 said (node classes and 76 exchanges); `tests/fakes/test_comfy*.py` compare. Start it as
`python -m tests.fakes.comfy`, or in a thread with `tests.fakes.comfy.running.served()`. What no real server has lies
behind `/fake/` (`side_door.py`): make it slow, ill or forgetful.
"""
