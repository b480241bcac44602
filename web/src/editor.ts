/** The editor of the implementation file: findings while somebody writes, fixes, completion and help from the schema. */

import { autocompletion, type CompletionContext, type CompletionResult, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Finding } from "./desk.ts";
import { h } from "./dom.ts";
import { t } from "./words.ts";

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--key)" },
  { tag: [tags.string, tags.content], color: "var(--text)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
  { tag: [tags.punctuation, tags.separator], color: "var(--quiet)" },
]);

interface Span {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

/** What the editor asks of kurssi at a place. */
export interface Asked {
  proposals: (line: number, column: number) => Promise<{ label: string; kind: string; detail: string; about: string; text: string; span: Span; rank: number }[]>;
  help: (line: number, column: number) => Promise<{ text: string; span: Span } | null>;
}

export class Editor {
  readonly view: EditorView;
  private readonly asked: Asked;
  private readonly written: (text: string) => void;

  constructor(parent: HTMLElement, asked: Asked, written: (text: string) => void) {
    this.asked = asked;
    this.written = written;
    this.view = new EditorView({ parent, state: this.state("") });
  }

  private state(doc: string): EditorState {
    return EditorState.create({ doc, extensions: this.extensions(this.written) });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Shows another file: nothing of the one before can be had back by undoing, and only lines that can be seen are drawn. */
  set(text: string): void {
    if (text !== this.text) this.view.setState(this.state(text));
  }

  go(line: number, column = 1): void {
    const { doc } = this.view.state;
    const at = offset(doc, Math.min(line, doc.lines), column);
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.view.focus();
  }

  show(findings: Finding[]): void {
    const { doc } = this.view.state;
    const standing = findings.filter((finding) => !finding.accepted && finding.line <= doc.lines);
    this.view.dispatch(setDiagnostics(this.view.state, standing.map((finding) => this.diagnostic(finding, doc))));
  }

  /** Writes what a finding says should stand at its place. */
  fix(finding: Finding): void {
    if (finding.fix === null) return;
    const { doc } = this.view.state;
    const from = offset(doc, finding.line, finding.column);
    const to = offset(doc, finding.end_line, finding.end_column);
    this.view.dispatch({ changes: { from, to, insert: finding.fix } });
  }

  private diagnostic(finding: Finding, doc: Text): Diagnostic {
    const from = offset(doc, finding.line, finding.column);
    const to = Math.max(from, offset(doc, Math.min(finding.end_line, doc.lines), finding.end_column));
    const fix = finding.fix;
    return {
      from,
      to,
      severity: finding.severity,
      message: finding.help === null ? finding.message : `${finding.message}\n${finding.help}`,
      source: finding.rule,
      actions: fix === null ? [] : [{ name: t("applyFix", { text: fix }), apply: () => this.fix(finding) }],
    };
  }

  private extensions(written: (text: string) => void) {
    return [
      lineNumbers(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      indentUnit.of("  "),
      yaml(),
      syntaxHighlighting(COLOURS),
      lintGutter(),
      autocompletion({ override: [(context) => this.complete(context)] }),
      hoverTooltip((view, position) => this.help(view, position)),
      keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": t("editor"), "aria-describedby": "editor-help", spellcheck: "false" }),
      EditorView.updateListener.of((update) => update.docChanged && written(update.state.doc.toString())),
    ];
  }

  private async complete(context: CompletionContext): Promise<CompletionResult | null> {
    const word = context.matchBefore(/[\w-]+/);
    if (word === null && !context.explicit) return null;
    const { doc } = context.state;
    const proposals = await this.asked.proposals(...this.place(doc, context.pos));
    if (proposals.length === 0 || context.aborted) return null;
    const options = proposals.map((one) => ({
      label: one.label,
      detail: one.detail,
      apply: one.text,
      type: one.kind === "key" ? "property" : "enum",
      boost: -one.rank,
      ...(one.about === "" ? {} : { info: () => plain(one.about) }),
    }));
    return { from: offset(doc, (proposals[0]?.span.line ?? 0) + 1, (proposals[0]?.span.column ?? 0) + 1), options, validFor: /^[\w-]*$/ };
  }

  private async help(view: EditorView, position: number) {
    const { doc } = view.state;
    const found = await this.asked.help(...this.place(doc, position));
    if (found === null) return null;
    const { line, column, end_line, end_column } = found.span;
    const dom = h("div", { class: "key-help" }, plain(found.text));
    return { pos: offset(doc, line + 1, column + 1), end: offset(doc, end_line + 1, end_column + 1), create: () => ({ dom }) };
  }

  /** The line and the column of a place, as kurssi counts them here: from 0, in characters. */
  private place(doc: Text, position: number): [number, number] {
    const line = doc.lineAt(position);
    return [line.number - 1, [...line.text.slice(0, position - line.from)].length];
  }
}

/** The little Markdown that kurssi uses, as elements. */
function plain(text: string): HTMLElement {
  const blocks = text.split(/\n\n/).map((block) => {
    const code = /^```\w*\n([\s\S]*?)\n```$/.exec(block)?.[1];
    if (code !== undefined) return h("pre", {}, code);
    const pieces = block.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((piece) => {
      if (piece.startsWith("**")) return h("strong", {}, piece.slice(2, -2));
      return piece.startsWith("`") ? h("code", {}, piece.slice(1, -1)) : piece;
    });
    return h("p", {}, ...pieces);
  });
  return h("div", {}, ...blocks);
}

/** The place of a line and a column, both from 1. kurssi counts a character as one, the editor as it is stored. */
function offset(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const before = [...found.text].slice(0, column - 1).join("");
  return found.from + before.length;
}
