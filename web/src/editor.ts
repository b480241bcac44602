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
import { Schema, spotAt } from "./schema.ts";
import { t } from "./words.ts";

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--key)" },
  { tag: [tags.string, tags.content], color: "var(--text)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
  { tag: [tags.punctuation, tags.separator], color: "var(--quiet)" },
]);

export class Editor {
  readonly view: EditorView;
  private schema: Schema | null = null;

  constructor(parent: HTMLElement, written: (text: string) => void) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({ doc: "", extensions: this.extensions(written) }),
    });
  }

  learn(schema: Schema): void {
    this.schema = schema;
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set(text: string): void {
    if (text !== this.text) this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
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

  private complete(context: CompletionContext): CompletionResult | null {
    const word = context.matchBefore(/[\w-]*/);
    if (this.schema === null || word === null || (word.from === word.to && !context.explicit)) return null;
    const line = context.state.doc.lineAt(word.from);
    const spot = spotAt(context.state.doc.toString().split("\n"), line.number - 1, word.from - line.from);
    if (spot.key !== null) {
      const values = this.schema.values([...spot.path, spot.key]);
      return values.length === 0 ? null : { from: word.from, options: values.map((label) => ({ label, type: "enum" })) };
    }
    const keys = this.schema.keys(spot.path);
    if (keys.length === 0) return null;
    const options = keys.map(({ name, help }) => ({ label: name, apply: `${name}: `, type: "property", info: help }));
    return { from: word.from, options, validFor: /^[\w-]*$/ };
  }

  private help(view: EditorView, position: number) {
    const line = view.state.doc.lineAt(position);
    const text = line.text;
    for (const found of text.matchAll(/[\w-]+(?= *:)/g)) {
      const from = line.from + found.index;
      const to = from + found[0].length;
      if (position < from || position > to) continue;
      const spot = spotAt(view.state.doc.toString().split("\n"), line.number - 1, found.index);
      const help = this.schema?.help([...spot.path, found[0]]) ?? "";
      if (help === "") return null;
      return { pos: from, end: to, create: () => ({ dom: h("div", { class: "key-help" }, h("strong", {}, found[0]), h("p", {}, help)) }) };
    }
    return null;
  }
}

/** The place of a line and a column, both from 1. kurssi counts a character as one, the editor as it is stored. */
function offset(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const before = [...found.text].slice(0, column - 1).join("");
  return found.from + before.length;
}
