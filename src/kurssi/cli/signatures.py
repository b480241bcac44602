"""Signatures of locks: made and checked by ``ssh-keygen`` (see docs/adr/0009).

No key is read or kept here, but for public ones: the program finds the private key, asks for its passphrase or lets an
agent sign.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

from kurssi.diagnostics.message import Msg, msg

from . import incoming, session
from .session import Trouble

NAMESPACE = "kurssi-lock"
"""What the signature is for: one made for something else does not fit a lock."""
MOST_BYTES = 1 << 20
"""A list of allowed signers is not larger."""

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_KEY = re.compile(r"((?:sk-)?(?:ssh|ecdsa)-[\w.@-]+)\s+([A-Za-z0-9+/]+=*)(?:\s+(.*))?")
_PATIENCE = 60
"""Seconds for a check, in which nobody is asked anything."""


class Signer(NamedTuple):
    """Who signed, as far as that is known."""

    name: str | None
    """As ``--key`` names the key; None where no key was given."""
    fingerprint: str


class NotSigned(Exception):
    """A signature that does not hold, or cannot be checked."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


class NoProgram(NotSigned):
    """There is no ``ssh-keygen``, so nothing is known of the signature."""


def sign(data: bytes, key: str) -> str:
    """The signature of the key in the file ``key``, in base64. Raises :class:`Trouble`."""
    if not os.path.isfile(key):
        raise Trouble(msg("there is no key {key}: make one with ssh-keygen -t ed25519 -f {key}", key=key))
    if _first_line(key + ".pub").startswith("sk-"):
        session.current.note(msg("touch the security key"))
    try:
        done = _run(["sign", "-f", key, "-n", NAMESPACE], data, patience=None)
    except NotSigned as no:
        raise Trouble(no.message) from None
    lines = done.stdout.decode("ascii", "replace").splitlines()
    text = "".join(line.strip() for line in lines if not line.startswith("-----"))
    if done.returncode or not text:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [str(done.returncode)]
        raise Trouble(msg("nothing is signed with {key}; ssh-keygen says: {reason}", key=key, reason=said[-1].strip()))
    return text


def signer(data: bytes, signature: str, allowed: str | None) -> Signer:
    """Who signed ``data``. Raises :class:`NotSigned` where the signature does not hold.

    ``allowed``: the file with a public key, or with a list of allowed signers; without it nobody says whose the key is.
    """
    with tempfile.TemporaryDirectory(prefix="kurssi-") as folder:
        file = os.path.join(folder, "signature")
        _write(file, f"{_BEGIN}\n{signature}\n{_END}\n")
        check = ["-n", NAMESPACE, "-s", file]
        done = _run(["check-novalidate", *check], data)
        found = re.search(r"SHA256:[A-Za-z0-9+/]+", done.stdout.decode("ascii", "replace"))
        if done.returncode or found is None:
            raise NotSigned(msg("the signature does not fit the lock: one of them was changed, or it is another's"))
        if allowed is None:
            return Signer(None, found[0])
        names = os.path.join(folder, "allowed")
        _write(names, allowed)
        done = _run(["find-principals", "-s", file, "-f", names], data)
        name = re.split(r"[,\n]", done.stdout.decode("utf-8", "replace"))[0].strip()
        if done.returncode or not name:
            raise NotSigned(msg("signed by the key {fingerprint}, which is none of --key", fingerprint=found[0]))
        if _run(["verify", "-f", names, "-I", name, *check], data).returncode:
            raise NotSigned(msg("{name} signed with a key that is not allowed for locks, or not now", name=name))
        return Signer(name, found[0])


def allowed_signers(path: str) -> str:
    """The list of allowed signers that the file of ``--key`` holds or comes to. Raises :class:`Trouble`."""
    raw = session.current.read(path, MOST_BYTES)
    if raw is None:
        raise Trouble(msg("without the file of --key no signature can be checked"))
    text = raw.decode("utf-8-sig", "replace")
    if len(raw) > MOST_BYTES or "PRIVATE KEY" in text:
        raise Trouble(msg("--key takes a public key, such as kurssi.pub, or a list of allowed signers, not {path}",
                          path=path))  # fmt: skip
    lines = [line.strip() for line in text.splitlines()]
    keys = [_KEY.fullmatch(line) for line in lines if line and not line.startswith("#")]
    if not keys or not all(keys):
        return text if text.endswith("\n") else text + "\n"
    return "".join(_allowed(key, path) for key in keys if key is not None)


def _allowed(key: re.Match[str], path: str) -> str:
    """A public key as a line of allowed signers, under its comment or the name of its file."""
    called = key[3] or os.path.basename(path).removesuffix(".pub")
    name = re.sub(r"[^\w@.+-]+", "_", called).strip("_") or "key"
    return f'{name} namespaces="{NAMESPACE}" {key[1]} {key[2]}\n'


def _run(arguments: Sequence[str], data: bytes, patience: int | None = _PATIENCE) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None or os.path.dirname(os.path.abspath(program)) == os.getcwd():  # one that lies here is not trusted
        raise NoProgram(msg("there is no ssh-keygen on this computer: install OpenSSH"))
    try:
        return subprocess.run(  # noqa: S603 - a list without a shell, and the program is no file of this folder
            [program, "-Y", *arguments], input=data, capture_output=True, check=False, timeout=patience
        )
    except (OSError, subprocess.TimeoutExpired):
        raise NoProgram(msg("ssh-keygen does not answer")) from None


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _first_line(path: str) -> str:
    try:
        text = incoming.read(path, MOST_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
    return text.partition("\n")[0]
