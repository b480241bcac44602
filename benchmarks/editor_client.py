"""An editor as the language server sees it: messages of the protocol over the two pipes of a process."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

PATIENCE = 60


class Editor:
    """A server that was started, with what it said so far."""

    def __init__(self, *arguments: str, folder: Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kurssi", *arguments, "lsp"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
            env={**os.environ, "KURSSI_LANG": "en", **environment},
        )  # fmt: skip
        self.folder = folder
        self.number = 0
        self.version = 0
        self.said: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
                header = stream.readline()
            self.said.put(json.loads(stream.read(length)))

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        about = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(about if number is None else {**about, "id": number}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self.process.stdin.flush()

    def ask(self, method: str, params: Any) -> Any:
        """The answer to a request; what else is said meanwhile is left out."""
        self.number += 1
        self.send(method, params, self.number)
        while (said := self.said.get(timeout=PATIENCE)).get("id") != self.number:
            pass
        assert "error" not in said, said["error"]
        return said["result"]

    def begin(self, locale: str | None = None, options: Any = None, **capabilities: Any) -> Any:
        params = {
            "processId": os.getpid(), "rootUri": self.folder.as_uri(), "locale": locale,
            "initializationOptions": options, "capabilities": capabilities,
        }  # fmt: skip
        result = self.ask("initialize", params)
        self.send("initialized", {})
        return result

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> list[dict[str, Any]]:
        """Opens a file; its findings."""
        self.version += 1
        about = {"uri": self.uri(name), "languageId": "yaml", "version": self.version, "text": text}
        self.send("textDocument/didOpen", {"textDocument": about})
        return self.findings()

    def write(self, name: str, text: str) -> list[dict[str, Any]]:
        """Changes the whole text; its findings."""
        self.version += 1
        about = {"uri": self.uri(name), "version": self.version}
        self.send("textDocument/didChange", {"textDocument": about, "contentChanges": [{"text": text}]})
        return self.findings()

    def findings(self) -> list[dict[str, Any]]:
        """What is said of the newest version."""
        while True:
            said = self.said.get(timeout=PATIENCE)
            if said.get("method") == "textDocument/publishDiagnostics":
                params = said["params"]
                if params.get("version") in (None, self.version):
                    found = params["diagnostics"]
                    assert isinstance(found, list)
                    return found

    def at(self, name: str, line: int, character: int) -> dict[str, Any]:
        return {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}

    def end(self) -> int:
        self.ask("shutdown", None)
        self.send("exit", None)
        code = self.process.wait(PATIENCE)
        self.close()
        return code

    def close(self) -> None:
        """Lets go of the pipes."""
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
