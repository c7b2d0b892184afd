"""Speaking with a ComfyUI server: its HTTP and websocket, its graphs, what it has and what it says when it fails.

No Django, no rows: addresses and graphs in, files and typed errors out. What a real server does was measured against
ComfyUI 0.33.0; the comments "a real server …" tell of that.
"""
