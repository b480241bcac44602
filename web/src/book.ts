/** The class: its table, what is shown of it, what was edited, and who would move if a rule were another. */

import type { Block, Desk, Field, Klass, Student } from "./desk.ts";
import { quoted } from "./cells.ts";
import { button, fill, h, labelled, later } from "./dom.ts";
import { Explanation } from "./explanation.ts";
import { distribution, figureTables, WhatIf } from "./figures.ts";
import { findingList, stoppedNote } from "./findings.ts";
import { Grid, type Heading } from "./grid.ts";
import { begin, Stopped } from "./python.ts";
import { handedOut } from "./saved.ts";
import { isWord, t } from "./words.ts";

export class BookView {
  readonly element = h("section", { class: "view book", "aria-label": t("class") });
  private readonly desk: Desk;
  private readonly grid: Grid;
  private readonly explanation: Explanation;
  private readonly whatIf: WhatIf;
  private readonly top = h("div", { class: "summary" });
  private readonly state = h("p", { class: "quiet", role: "status" });
  private readonly empty = h("div", {});
  private readonly side = h("aside", { class: "figures" });
  private readonly edits = h("section", { class: "edits" });
  private readonly saved = h("div", { class: "quiet", role: "status" });
  private readonly tables = h("div", { class: "figure-tables" });
  private readonly search = h("input", { type: "search" });
  private readonly status = h("select");
  private readonly group = h("select");
  private readonly by = h("input", { autocomplete: "off" });
  private readonly why = h("input", { autocomplete: "off" });

  constructor(desk: Desk, go: (line: number) => void) {
    this.desk = desk;
    this.explanation = new Explanation(desk, go);
    const explain = (student: Student) => begin(this.explanation.show(student));
    this.grid = new Grid(desk, explain);
    this.whatIf = new WhatIf(desk, (student) => begin(this.explain(student)));
    const filter = later(120, () => this.rows());
    this.search.addEventListener("input", filter);
    for (const select of [this.status, this.group]) select.addEventListener("change", () => this.rows());
    const shown = (["all", "graded", "failed", "incomplete", "changed"] as const).map((value) =>
      h("option", { value }, t(value === "failed" ? "failedOnes" : value)),
    );
    this.status.append(...shown);
    const tools = h(
      "div",
      { class: "tools" },
      labelled(t("search"), this.search),
      labelled(t("show"), this.status),
      labelled(t("group"), this.group),
      button(t("print"), () => print(), "quiet"),
    );
    const help = h("p", { id: "grid-help", class: "quiet help" }, t("gridHelp"));
    const main = h("div", { class: "main-part" }, this.top, tools, this.state, this.grid.element, help, this.edits, this.saved, this.tables);
    this.element.append(this.empty, h("div", { class: "two" }, main, this.side), this.explanation.element);
    desk.onChange((change) => {
      if (change !== "class") return;
      this.show();
      begin(this.showTables());
    });
    this.show();
  }

  /** Parts and groups in figures: asked for once the grades stand there, so that nobody waits for them. */
  private async showTables(): Promise<void> {
    if (this.desk.klass === null) return;
    try {
      const blocks = await this.desk.ofClass<Block[] | null>("figures");
      if (blocks !== null) fill(this.tables, ...figureTables(blocks));
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      fill(this.tables, stoppedNote(this.desk));
    }
  }

  private show(): void {
    const { klass, findings } = this.desk;
    const why = whyNone(this.desk);
    const errors = findings.filter((finding) => finding.severity === "error");
    fill(
      this.empty,
      this.desk.stopped && stoppedNote(this.desk),
      why !== "" && h("p", { class: "large quiet" }, why),
      errors.length > 0 && h("div", { role: "alert" }, h("h2", {}, t("findings")), findingList(errors)),
    );
    this.element.querySelector(".two")?.classList.toggle("hidden", klass === null);
    if (klass === null) return;
    fill(this.top, h("h2", {}, klass.course), h("p", {}, klass.summary));
    this.fillGroups(klass);
    this.rows();
    const notes = findings.filter((finding) => finding.severity !== "error" && !finding.accepted);
    fill(
      this.side,
      distribution(klass),
      this.whatIf.shownFor(klass),
      notes.length > 0 && h("section", {}, h("h3", {}, t("findings")), findingList(notes)),
    );
    this.showEdits();
  }

  private fillGroups(klass: Klass): void {
    const now = this.group.value || "all";
    const names = [...new Set(klass.students.map((student) => student.group))].filter((name) => name !== "").sort();
    fill(this.group, h("option", { value: "all" }, t("all")), ...names.map((name) => h("option", { value: name }, name)));
    this.group.value = names.includes(now) ? now : "all";
  }

  private rows(): void {
    const klass = this.desk.klass;
    if (klass === null) return;
    const wanted = this.search.value.trim().toLocaleLowerCase();
    const rows = klass.students.filter((student) => this.isWanted(student, wanted));
    fill(this.state, t("shown", { n: rows.length, all: klass.students.length }));
    this.grid.show(headings(klass), rows);
  }

  private isWanted(student: Student, wanted: string): boolean {
    if (this.group.value !== "all" && this.group.value !== "" && student.group !== this.group.value) return false;
    const before = this.desk.before.get(student.student);
    if (this.status.value === "changed" && (before === undefined || before === student.grade)) return false;
    if (!["all", "changed"].includes(this.status.value) && student.status !== this.status.value) return false;
    const text = `${student.student} ${student.name} ${student.group} ${student.remark}`;
    return text.toLocaleLowerCase().includes(wanted);
  }

  private async explain(number: string): Promise<void> {
    const student = this.desk.klass?.students.find((one) => one.student === number);
    if (student !== undefined) await this.explanation.show(student);
  }

  private showEdits(): void {
    const { edits } = this.desk;
    const names = new Map(this.desk.klass?.students.map((student) => [student.student, student.name]));
    const items = edits.map((edit) =>
      h(
        "li",
        {},
        `${names.get(edit.student) ?? ""} (${edit.student}), ${edit.part}: ${edit.old || "–"} → ${edit.new || "–"} `,
        button(t("undo"), () => begin(this.desk.undo(edit)), "small"),
      ),
    );
    const anew = this.desk.written.filter(({ file, as }) => file !== as);
    fill(
      this.edits,
      h("h3", {}, t("edited")),
      edits.length === 0 && h("p", { class: "quiet" }, t("editedNone")),
      edits.length > 0 && h("ul", {}, ...items),
      ...anew.map(({ file, as }) => h("p", { class: "quiet" }, t("goesOutAs", { name: file, other: as }))),
      edits.length > 0 &&
        h("p", { class: "tools" }, labelled(t("by"), this.by), labelled(t("why"), this.why), button(t("saveEdited"), () => begin(this.saveEdits()), "main")),
    );
  }

  /** The sheets as they are now, and who changed what and why. */
  private async saveEdits(): Promise<void> {
    const { edits } = this.desk;
    const made = await this.desk.editedSheets();
    const head = [t("student"), t("column"), "file", "row", "old", "new", t("by"), t("why"), "date"];
    const day = new Date().toISOString().slice(0, 10);
    const lines = edits.map(({ student, part, where, old, new: now }) =>
      [student, part, where.file, String(where.row), old, now, this.by.value, this.why.value, day].map(quoted).join(";"),
    );
    const text = `\ufeff${[head.map(quoted).join(";"), ...lines].join("\r\n")}\r\n`;
    await handedOut(this.saved, [...made, { name: "changes.csv", bytes: new TextEncoder().encode(text), type: "text/csv" }]);
  }
}

/** Why there is no class, where no error says it. */
function whyNone(desk: Desk): string {
  if (desk.plan === null) return t("needsPlan");
  if (desk.sheets.length === 0) return t("needsSheets");
  return desk.assessed ? "" : t("notAssessed");
}

function headings(klass: Klass): Heading[] {
  const none = Number.NEGATIVE_INFINITY;
  return [
    { title: t("student"), sort: (student) => student.student, kind: "text" },
    { title: t("name"), sort: (student) => student.name, kind: "text" },
    { title: t("grade"), sort: (student) => student.number ?? none, kind: "grade" },
    { title: t("exact"), sort: (student) => student.rank ?? none, text: (student) => student.exact, kind: "text" },
    { title: t("group"), sort: (student) => student.group, kind: "text" },
    ...klass.fields.map((field, at): Heading => {
      return { title: fieldName(field), sort: (student) => student.cells[at]?.text ?? "", kind: "score" };
    }),
    { title: t("remark"), sort: (student) => student.remark, kind: "text" },
  ];
}

function fieldName(field: Field): string {
  if (field.meaning !== "score") return isWord(field.meaning) ? t(field.meaning) : field.meaning;
  return [field.name, field.component, field.attempt > 1 ? String(field.attempt) : ""].filter((part) => part !== "").join(" ");
}
