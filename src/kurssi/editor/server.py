"""The language server: what the other modules say, over the protocol of editors. The only module that knows pygls.

A person writes, and every change is looked at as soon as no other waits behind it. Nothing here computes anything.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from kurssi import __version__
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import LANGUAGES, Words

from .answers import Change, all_at_once, answers
from .completion import Kind as ProposalKind
from .completion import completion
from .hover import hover
from .lenses import lenses
from .names import meant
from .opened import Opened, Span, name_span, under
from .outline import Entry, outline
from .outline import Kind as EntryKind
from .shapes import Shapes

SEVERITIES = {
    Severity.error: lsp.DiagnosticSeverity.Error,
    Severity.warning: lsp.DiagnosticSeverity.Warning,
    Severity.info: lsp.DiagnosticSeverity.Information,
}
PROPOSALS: dict[ProposalKind, lsp.CompletionItemKind] = {
    "key": lsp.CompletionItemKind.Property,
    "value": lsp.CompletionItemKind.EnumMember,
    "name": lsp.CompletionItemKind.Reference,
}
SYMBOLS: dict[EntryKind, lsp.SymbolKind] = {
    "block": lsp.SymbolKind.Module,
    "list": lsp.SymbolKind.Array,
    "item": lsp.SymbolKind.Object,
    "value": lsp.SymbolKind.String,
}
BESIDE = "yaml-language-server:"
"""A comment at the top by which that server finds the schema of a file."""
PAUSE = 0.3
"""Seconds without a keystroke after which a person is taken to have stopped typing."""
FIX_ALL = "source.fixAll.kurssi"


class Server(LanguageServer):
    """The server with the files that are open."""

    def __init__(self, language: str | None) -> None:
        super().__init__("kurssi", __version__)
        self.asked = language
        self.shapes = Shapes(Words(language or "en"))
        self.beside = False
        """Whether another server shows the schema of files that name one."""
        self.opened: dict[str, Opened] = {}
        self.ended = False
        """Whether the editor has said that it ends."""

    @property
    def words(self) -> Words:
        """The language of the person."""
        return self.shapes.words

    def begin(self, params: lsp.InitializeParams, choose: Callable[[], str]) -> None:
        """Takes over what the editor says of itself: its language, and which servers are beside this one."""
        options = params.initialization_options
        given = options if isinstance(options, dict) else getattr(options, "_asdict", dict)()
        wanted = [self.asked, given.get("language"), (params.locale or "")[:2].lower()]
        language = next((word for word in wanted if word in LANGUAGES), None) or choose()
        self.shapes = Shapes(Words(language))
        self.beside = bool(given.get("yamlLanguageServer"))

    def document(self, uri: str) -> TextDocument | None:
        """The text that an editor holds open; one that it does not is not looked for on the disk."""
        found: TextDocument | None = self.workspace.text_documents.get(unquote(uri))
        return found

    def open(self, uri: str) -> Opened:
        """The file as it is now."""
        document = self.document(uri)
        text = "" if document is None else document.source
        before = self.opened.get(uri)
        if before is None or before.text != text:
            self.opened[uri] = Opened(to_fs_path(uri) or uri, text, before)
        return self.opened[uri]

    def schema(self, opened: Opened) -> bool:
        """Whether what the schema says is shown here, and not by another server."""
        return not (self.beside and any(BESIDE in line for line in opened.lines[:5]))

    # ---- places ------------------------------------------------------------------------------------------------

    def column_in(self, opened: Opened, position: lsp.Position) -> int:
        """A column of the editor, which counts in units of its encoding, in characters."""
        line = opened.lines[position.line] if position.line < len(opened.lines) else ""
        column, units = 0, 0
        while column < len(line) and units < position.character:
            units += self._units(line[column])
            column += 1
        return column

    def range_out(self, opened: Opened, span: Span) -> lsp.Range:
        """A span as the editor counts."""
        return lsp.Range(
            self._position(opened, span.line, span.column), self._position(opened, span.end_line, span.end_column)
        )

    def _position(self, opened: Opened, line: int, column: int) -> lsp.Position:
        text = opened.lines[line] if line < len(opened.lines) else ""
        return lsp.Position(line, self._units(text[:column]))

    def _units(self, text: str) -> int:
        encoding = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
        if encoding == "utf-32":
            return len(text)
        if encoding == "utf-8":
            return len(text.encode("utf-8", "replace"))
        return len(text.encode("utf-16-le", "replace")) // 2

    # ---- findings ----------------------------------------------------------------------------------------------

    def publish(self, uri: str) -> None:
        """Says what is found in a file."""
        opened = self.open(uri)
        found = [self.diagnostic(opened, finding) for finding in opened.findings] if opened.ours else []
        document = self.document(uri)
        version = None if document is None else document.version
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found, version))

    async def look(self, uri: str) -> None:
        """Says what is found at once, and what takes longer when nothing has been typed for a while."""
        self.publish(uri)
        opened = self.open(uri)
        if not opened.ours or opened.certain:
            return

        def newest() -> bool:
            return self.opened.get(uri) is opened

        await asyncio.sleep(PAUSE)
        if newest():
            await asyncio.get_running_loop().run_in_executor(None, opened.judge, newest)
        if newest():
            self.publish(uri)

    def diagnostic(self, opened: Opened, finding: Finding) -> lsp.Diagnostic:
        """A finding; one that the file accepts is only a hint."""
        place = finding.place
        text = self.words.say(finding.message)
        if finding.help is not None:
            text += "\n" + self.words("help: {text}", text=finding.help)
        severity = SEVERITIES[finding.severity]
        if finding.accepted is not None:
            severity = lsp.DiagnosticSeverity.Hint
            text += "\n" + self.words("accepted: {reason}", reason=finding.accepted)
        span = Span(place.line - 1, place.column - 1, place.end_line - 1, place.end_column - 1)
        return lsp.Diagnostic(self.range_out(opened, span), text, severity, finding.rule, source="kurssi")

    def edits(self, opened: Opened, changes: Sequence[Change]) -> list[lsp.TextEdit]:
        """Changes as the editor makes them."""
        return [lsp.TextEdit(self.range_out(opened, change.span), change.text) for change in changes]


def server(language: str | None, choose: Callable[[], str]) -> Server:
    """The server. ``language``: that of its messages, where it is asked for; ``choose``: that of the computer."""
    made = Server(language)
    _documents(made, choose)
    _help(made)
    _answers(made)
    _overview(made)
    return made


def serve(language: str | None, choose: Callable[[], str]) -> bool:
    """Speaks with an editor over standard input and output until it ends; whether it said that it would."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # an editor that is closed is nothing to tell
    made = server(language, choose)
    made.start_io(sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb"))  # which is closed in the end
    return made.ended


def _documents(made: Server, choose: Callable[[], str]) -> None:
    @made.feature(lsp.INITIALIZE)
    def begin(params: lsp.InitializeParams) -> None:
        made.begin(params, choose)

    @made.feature(lsp.SHUTDOWN)
    def ends(_: None = None) -> None:
        made.ended = True

    @made.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opens(params: lsp.DidOpenTextDocumentParams) -> None:
        await made.look(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changes(params: lsp.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        await asyncio.sleep(0)  # what waits behind it has changed the text by then
        document = made.document(uri)
        if document is not None and document.version == version:
            await made.look(uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saves(params: lsp.DidSaveTextDocumentParams) -> None:
        made.opened.pop(params.text_document.uri, None)  # what stands beside it may be another by now
        await made.look(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closes(params: lsp.DidCloseTextDocumentParams) -> None:
        made.opened.pop(params.text_document.uri, None)
        made.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))


def _help(made: Server) -> None:
    @made.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovers(params: lsp.HoverParams) -> lsp.Hover | None:
        opened, line, column = _at(made, params)
        found = hover(opened, made.shapes, line, column, schema=made.schema(opened)) if opened.ours else None
        if found is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found.text), made.range_out(opened, found.span))

    @made.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" ", "{", "[", ","]))
    def completes(params: lsp.CompletionParams) -> lsp.CompletionList:
        opened, line, column = _at(made, params)
        proposals = completion(opened, made.shapes, line, column, schema=made.schema(opened)) if opened.ours else []
        items = [
            lsp.CompletionItem(
                proposal.label,
                kind=PROPOSALS[proposal.kind],
                detail=proposal.detail or None,
                documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, proposal.about) if proposal.about else None,
                sort_text=f"{proposal.rank}{index:03}",
                text_edit=lsp.TextEdit(made.range_out(opened, proposal.span), proposal.text),
                insert_text_mode=lsp.InsertTextMode.AsIs,
            )
            for index, proposal in enumerate(proposals)
        ]
        return lsp.CompletionList(is_incomplete=False, items=items)

    @made.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def goes(params: lsp.DefinitionParams) -> lsp.Location | None:
        opened, line, column = _at(made, params)
        if not opened.ours or (found := under(opened.document, line, column)) is None:
            return None
        path, on_key = found
        mark = opened.document.marks[path]
        span = Span(*(mark.key if on_key and mark.key else mark.value))
        text = opened.lines[span.line][span.column : span.end_column].strip("'\"")
        named = meant(opened.document.data, path, on_key, text)
        if named is None:
            return None
        shown = name_span(opened.document, (*named.path, "id"))
        return lsp.Location(params.text_document.uri, made.range_out(opened, shown))


def _answers(made: Server) -> None:
    kinds = [lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.RefactorRewrite, FIX_ALL]

    @made.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=kinds))
    def acts(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri, only = params.text_document.uri, params.context.only
        opened = made.open(uri)
        if not opened.ours:
            return []

        def wanted(kind: str) -> bool:
            return only is None or any(kind == one or kind.startswith(f"{one}.") for one in map(_text, only))

        def action(title: str, kind: str, changes: Sequence[Change]) -> lsp.CodeAction:
            edit = lsp.WorkspaceEdit({uri: made.edits(opened, changes)})
            return lsp.CodeAction(title, lsp.CodeActionKind(kind) if kind != FIX_ALL else kind, edit=edit)

        found = []
        for answer in answers(opened, params.range.start.line, params.range.end.line):
            kind = lsp.CodeActionKind.RefactorRewrite if answer.rule is None else lsp.CodeActionKind.QuickFix
            if wanted(kind.value):
                one = action(made.words.say(answer.title), kind.value, answer.changes)
                one.diagnostics = [
                    about
                    for about in params.context.diagnostics
                    if about.code == answer.rule and about.range.start.line == answer.line
                ] or None
                found.append(one)
        if only is not None and wanted(FIX_ALL) and (changes := all_at_once(opened)):
            found.append(action(made.words.say(msg("mend all that kurssi can mend")), FIX_ALL, changes))
        return found


def _overview(made: Server) -> None:
    @made.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outlines(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        opened = made.open(params.text_document.uri)
        return [_symbol(made, opened, entry) for entry in outline(opened.readable)] if opened.ours else []

    @made.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions(resolve_provider=False))
    def looks(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        opened = made.open(params.text_document.uri)
        return [
            lsp.CodeLens(made.range_out(opened, Span(lens.line, 0, lens.line, 0)), lsp.Command(lens.text, ""))
            for lens in (lenses(opened, made.words) if opened.ours else ())
        ]


def _at(made: Server, params: Any) -> tuple[Opened, int, int]:
    """The file and the place that a request is about."""
    opened = made.open(params.text_document.uri)
    return opened, params.position.line, made.column_in(opened, params.position)


def _symbol(made: Server, opened: Opened, entry: Entry) -> lsp.DocumentSymbol:
    return lsp.DocumentSymbol(
        entry.name or "–",
        SYMBOLS[entry.kind],
        made.range_out(opened, entry.span),
        made.range_out(opened, entry.shown),
        entry.detail or None,
        children=[_symbol(made, opened, below) for below in entry.below] or None,
    )


def _text(kind: Any) -> str:
    return str(getattr(kind, "value", kind))
