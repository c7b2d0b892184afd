"""The one thread that runs prompts, one after the other. When it dies, nothing else notices."""

import sys
import threading

from tests.fakes.comfy.execution import Room, Run
from tests.fakes.comfy.prompts import Prompts

LOOK_S = 0.5


class Worker(threading.Thread):
    def __init__(self, prompts: Prompts, room: Room) -> None:
        super().__init__(name="comfy worker", daemon=True)
        self.prompts = prompts
        self.room = room
        self.ended = threading.Event()
        self.dying = threading.Event()  # set: the thread is gone after the prompt of the moment

    def end(self) -> None:
        """What runs is broken off and leaves no trace."""
        self.ended.set()
        self.room.interrupt.set()

    def run(self) -> None:
        sockets = self.room.sockets
        while not self.ended.is_set() and not self.dying.is_set():
            try:
                item = self.prompts.get(LOOK_S)
            except TypeError as error:  # two prompts of one number and id: the real thread dies of it, too
                print(f"worker thread died: {error}", file=sys.stderr)
                return
            if item is None:
                continue
            result = Run(item, self.room).execute()
            if self.ended.is_set():
                return
            self.prompts.done(result)
            if sockets.client_id is not None:
                sockets.send("executing", {"node": None, "prompt_id": item[1]}, sockets.client_id)
