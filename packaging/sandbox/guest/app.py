"""The program inside the sandbox: takes code and values, runs the code, hands values back. All in JSON.

A request is {"code": text, "inputs": {name: value}}, an answer {"ok": bool, "error": text, "value": …, "figure": …}.
What the code prints goes to the host as it comes. Each instance answers once: nothing is left over for the next.
"""

import json
import sys

import guest_figures
import guest_files
import guest_library
import guest_running
import wit_world

guest_library.prepare()


class WitWorld(wit_world.WitWorld):
    """What the host calls."""

    def run(self, request: str) -> str:
        """Run the code of a request and return the answer to it."""
        guest_library.begin()
        asked = json.loads(request)
        guest_files.give(asked["inputs"].get("files"))
        error, value = guest_running.run(asked["code"], asked["inputs"])
        guest_library.print_to_host()
        figure = guest_figures.last()
        if names := guest_files.written():
            print(f"[Files end with the run, nothing was saved for the user: {', '.join(names)}]")
        sys.stdout.flush()
        answer = {"ok": not error, "error": error, "value": value, "figure": figure}
        return json.dumps(answer)
