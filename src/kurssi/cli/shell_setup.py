"""``--install-completion`` and ``--show-completion``: what each shell needs so that it asks kurssi at the tab key."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from kurssi.diagnostics.message import msg

from . import incoming, session
from .files import NotWritten, rewrite, write
from .session import Trouble

INSTALL, SHOW = "--install-completion", "--show-completion"
SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")

BASH = """\
_kurssi_completion() {
    local IFS=$'\\n' line suffix cur="${COMP_WORDS[COMP_CWORD]}"
    local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    words[COMP_CWORD-1]="$cur."
    COMPREPLY=()
    for line in $(_KURSSI_COMPLETE=bash kurssi "${words[@]}" 2>/dev/null); do
        if [[ $line != :files* ]]; then
            COMPREPLY+=("${line%%$'\\t'*}")
            continue
        fi
        compopt -o filenames 2>/dev/null
        line="${line#:files}"
        [[ -z $line ]] && COMPREPLY+=($(compgen -f -- "$cur"))
        [[ -n $line ]] && COMPREPLY+=($(compgen -d -- "$cur"))
        local IFS=' '
        for suffix in $line; do
            IFS=$'\\n'
            COMPREPLY+=($(compgen -f -X "!*.$suffix" -- "$cur"))
        done
        IFS=$'\\n'
    done
}
complete -F _kurssi_completion kurssi
"""
ZSH = """\
#compdef kurssi
_kurssi() {
    local line
    local -a so_far proposals files
    so_far=("${(@)words[2,CURRENT]}")
    so_far[-1]="${so_far[-1]}."
    for line in "${(@f)$(_KURSSI_COMPLETE=zsh kurssi "${(@)so_far}" 2>/dev/null)}"; do
        if [[ $line == :files* ]]; then
            files=(${=line#:files})
            if (( $#files )); then _files -g "*.(${(j:|:)files})"; else _files; fi
        elif [[ -n $line ]]; then
            proposals+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
        fi
    done
    if (( $#proposals )); then _describe kurssi proposals; fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _kurssi "$@"; else compdef _kurssi kurssi; fi
"""
FISH = """\
function __kurssi_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    for line in (env _KURSSI_COMPLETE=fish kurssi $before[2..-1] "$current." 2>/dev/null)
        if not string match -q ':files*' -- $line
            echo $line
            continue
        end
        set -l suffixes (string split ' ' -- $line)[2..-1]
        for path in (__fish_complete_path $current)
            set -l name (string split \\t -- $path)[1]
            set -l suffix (string split -r -m1 . -- $name)[-1]
            if test (count $suffixes) -eq 0; or string match -q '*/' -- $name; or contains -- $suffix $suffixes
                echo $path
            end
        end
    end
end
complete --command kurssi --no-files --arguments '(__kurssi_complete)'
"""
POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName kurssi -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += '' }
    $words[-1] = $words[-1] + '.'
    $env:_KURSSI_COMPLETE = 'powershell'
    try { $lines = & kurssi @words 2>$null } finally { Remove-Item Env:_KURSSI_COMPLETE }
    foreach ($line in $lines) {
        if ($line.StartsWith(':files')) { continue }
        $text, $about = $line -split "`t", 2
        if (-not $about) { $about = $text }
        [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
    }
}
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH, "powershell": POWERSHELL, "pwsh": POWERSHELL}
_ZSH_LINE = "fpath+=~/.zfunc; autoload -Uz compinit; compinit"


def set_up(option: str, shell: str | None) -> int:
    """Shows or installs what a shell needs; without a name the shell that kurssi was called from. The exit code."""
    name = shell or _own_shell()
    if name not in SCRIPTS:
        raise Trouble(
            msg("{option} takes one of: {values}", option=option, values=", ".join(SHELLS))
            if name
            else msg("it is not known which shell this is; name it: {option} bash", option=option)
        )
    if option == SHOW:
        session.current.out(SCRIPTS[name])
        return 0
    try:
        path = _install(name)
    except NotWritten as problem:
        raise Trouble(problem.message) from None
    except OSError as error:
        raise Trouble(msg("completion is not installed: {reason}", reason=error.strerror or str(error))) from None
    session.current.note(msg("written: {path}", path=str(path)))
    session.current.note(msg("completion begins with the next terminal that is opened"))
    return 0


def _own_shell() -> str | None:
    from shellingham import ShellDetectionFailure, detect_shell  # type: ignore[import-untyped] # typer brings it

    try:
        return str(detect_shell()[0])
    except ShellDetectionFailure:
        return None


def _install(shell: str) -> Path:
    """Writes what the shell reads when it starts.

    Raises :class:`OSError`, :class:`NotWritten`, :class:`Trouble`.
    """
    home = Path.home()
    if shell == "bash":
        path = _written(home / ".bash_completions" / "kurssi.sh", BASH)
        _with_line(home / ".bashrc", "source '" + str(path).replace("'", "'\\''") + "'")
    elif shell == "zsh":
        path = _written(home / ".zfunc" / "_kurssi", ZSH)
        _with_line(home / ".zshrc", _ZSH_LINE)
    elif shell == "fish":
        path = _written(home / ".config" / "fish" / "completions" / "kurssi.fish", FISH)
    else:
        path = _profile(shell)
        script = _written(path.parent / "kurssi-completion.ps1", POWERSHELL)
        _with_line(path, ". '" + str(script).replace("'", "''") + "'")
    return path


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write(str(path), text.encode(), force=True)
    return path


def _with_line(path: Path, line: str) -> None:
    """Adds a line to somebody's settings, once; all that is there stays.

    They are written whole: a shell that finds half a line at their end may not start.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    there = path.exists()
    raw = incoming.read(str(path)) if there else b""
    added = line.encode("utf-8", "surrogateescape") + b"\n"
    if added in raw:
        return
    settings = raw + (b"" if not raw or raw.endswith(b"\n") else b"\n") + added
    if there:
        rewrite(str(path), raw, settings)
    else:
        write(str(path), settings)


def _profile(shell: str) -> Path:
    program = shutil.which(shell)
    if program is None:
        raise Trouble(msg("there is no {program} on this computer", program=shell))
    asked = [program, "-NoProfile", "-NonInteractive", "-Command", "$PROFILE"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - no shell
    if said.returncode or not said.stdout.strip():
        raise Trouble(msg("{program} does not say where its profile is", program=shell))
    return Path(said.stdout.strip())
