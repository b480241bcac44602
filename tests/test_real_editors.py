"""Real editors with the set-up texts of docs/editors.md, word by word; skipped by name where one lacks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls")

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "editors.md").read_text("utf-8")
WRONG = "    - {id: essay, name: Essay, wieght: 50}"
PLAN = f"""\
kurssi: 1
course: {{code: X, name: Course, credits: 5}}
implementation: {{id: x-1, language: en}}
assessment:
  evaluation_scale: 0-5
  parts:
{WRONG}
    - {{id: exam, name: Exam, weight: 50}}
"""
FINDING, HELP = "did you mean “weight”?", "**evaluation_scale**: 0-5, H-5"

NEOVIM = """
local function wait(what, ready)
  if not vim.wait(60000, ready, 50) then print("no " .. what); vim.cmd("cquit 1") end
end
wait("finding", function() return #vim.diagnostic.get(0) > 0 end)
print(vim.diagnostic.get(0)[1].message)
vim.fn.search("evaluation_scale")
local place = vim.lsp.util.make_position_params(0, "utf-16")
for _, reply in pairs(vim.lsp.buf_request_sync(0, "textDocument/hover", place, 60000)) do
  print(reply.result.contents.value)
end
vim.fn.search("wieght")
vim.lsp.buf.code_action({ apply = true, filter = function(one) return one.kind == "quickfix" end })
wait("fix", function() return vim.fn.search("wieght", "nw") == 0 end)
vim.lsp.codelens.refresh()
wait("lens", function() return #vim.lsp.codelens.get(0) > 0 end)
vim.cmd("wqall")
"""
FIND = """
(package-initialize)
(require 'yaml-mode)
(defun await (ready)
  (let ((n 0))
    (while (not (funcall ready))
      (when (> (setq n (1+ n)) 600) (kill-emacs 1))
      (accept-process-output nil 0.1))))
"""
EGLOT = """
(require 'eglot)
(setq eglot-sync-connect 60 eglot-confirm-server-initiated-edits nil)
(find-file "plan.yaml") (yaml-mode)
(apply #'eglot (eglot--guess-contact))
(flymake-start)
(await #'flymake-diagnostics)
(message "%s" (flymake-diagnostic-text (car (flymake-diagnostics))))
(goto-char (point-min)) (search-forward "evaluation")
(let ((server (eglot--current-server-or-lose)))
  (message "%s" (plist-get (plist-get (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))
                                      :contents) :value))
  (search-forward "wieg")
  ;; eglot-code-action-quickfix of older releases asks and does nothing
  (eglot--read-execute-code-action
    (eglot-code-actions (line-beginning-position) (line-end-position) "quickfix") server "quickfix"))
(save-buffer) (kill-emacs 0)
"""
LSP_MODE = """
(require 'lsp-mode) (require 'lsp-diagnostics)
(setq lsp-enable-suggest-server-download nil lsp-diagnostics-provider :none lsp-restart 'ignore)
(find-file "plan.yaml") (yaml-mode)
(lsp-workspace-folders-add default-directory)
(lsp)
(await (lambda () (> (hash-table-count (lsp-diagnostics)) 0)))
(maphash (lambda (_ found) (message "%s" (gethash "message" (car found)))) (lsp-diagnostics))
(goto-char (point-min)) (search-forward "evaluation")
(message "%s" (gethash "value" (gethash "contents"
  (lsp-request "textDocument/hover" (lsp--text-document-position-params)))))
(search-forward "wieg")
(call-interactively #'lsp-execute-code-action)
(save-buffer) (kill-emacs 0)
"""


def fence(language: str, word: str) -> str:
    """The set-up text of the page that has a word in it."""
    (text,) = [one for one in re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) if word in one]
    return str(text)


def said(command: list[str], folder: Path) -> str:
    """What the editor wrote while it mended the file."""
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "KURSSI_LANG": "en", "LANG": "C.UTF-8", "HOME": str(folder)}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        env[name] = str(folder)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def version(editor: str) -> tuple[int, ...]:
    """The version of an editor; none where there is none."""
    if shutil.which(editor) is None:
        return ()
    text = subprocess.run([editor, "--version"], capture_output=True, text=True, check=False, timeout=60).stdout
    match = re.search(r"(\d+)\.(\d+)", text)
    return tuple(map(int, match.groups())) if match else ()


def emacs_has(package: str) -> bool:
    """Whether Emacs has a package, and the mode for YAML."""
    if shutil.which("emacs") is None:
        return False
    asks = f"(progn (package-initialize) (require 'yaml-mode) (require '{package}))"
    done = subprocess.run(["emacs", "--batch", "--eval", asks], capture_output=True, check=False, timeout=120)
    return done.returncode == 0


@pytest.mark.parametrize(("first", "word"), [((0, 11), "vim.lsp.enable"), ((0, 8), "vim.lsp.start")])
def test_neovim(first: tuple[int, int], word: str, tmp_path: Path) -> None:
    if version("nvim") < first:
        pytest.skip(f"no Neovim from {first[0]}.{first[1]} on")
    (tmp_path / "init.lua").write_text(fence("lua", word), "utf-8")
    (tmp_path / "try.lua").write_text(NEOVIM, "utf-8")
    out = said(["nvim", "--headless", "-u", "init.lua", "plan.yaml", "-S", "try.lua"], tmp_path)
    assert FINDING in out
    assert HELP in out
    assert (tmp_path / "plan.yaml").read_text("utf-8") == PLAN.replace("wieght", "weight")


@pytest.mark.parametrize(("package", "script"), [("eglot", EGLOT), ("lsp-mode", LSP_MODE)])
def test_emacs(package: str, script: str, tmp_path: Path) -> None:
    if not emacs_has(package):
        pytest.skip(f"no Emacs with {package} and yaml-mode")
    (tmp_path / "init.el").write_text(fence("elisp", f"'{package}"), "utf-8")
    (tmp_path / "try.el").write_text(FIND + script, "utf-8")
    out = said(["emacs", "--batch", "-l", "init.el", "-l", "try.el"], tmp_path)
    assert FINDING in out
    assert HELP in out
    assert (tmp_path / "plan.yaml").read_text("utf-8") == PLAN.replace("wieght", "weight")
