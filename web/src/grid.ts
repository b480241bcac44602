/** A table of a class: as many rows as fit are drawn, keys move from cell to cell, and what was edited is marked. */

import { type Cell, type Desk, isSame, type Student } from "./desk.ts";
import { fill, h } from "./dom.ts";
import { begin } from "./python.ts";
import { t } from "./words.ts";

const HEIGHT = 34;
/** Of a row, in pixels, as the style sheet has it. */
const MORE = 8;
/** So many rows are drawn beyond both edges. */

export interface Heading {
  title: string;
  sort: (student: Student) => number | string;
  kind: "text" | "score" | "grade";
  /** What is shown, where that is not what is sorted by. */
  text?: (student: Student) => string;
}

export class Grid {
  readonly element: HTMLElement;
  private readonly desk: Desk;
  private readonly explain: (student: Student) => void;
  private readonly body = h("tbody");
  private readonly head = h("tr", { "aria-rowindex": 1 });
  private readonly table: HTMLTableElement;
  private headings: Heading[] = [];
  private rows: Student[] = [];
  private at = { row: 0, column: 0 };
  private whole = false;
  private sorted: { column: number; down: boolean } = { column: 0, down: false };

  constructor(desk: Desk, explain: (student: Student) => void) {
    this.desk = desk;
    this.explain = explain;
    this.table = h("table", { class: "grid", role: "grid", "aria-label": t("gradedClass"), "aria-describedby": "grid-help" });
    this.table.append(h("thead", {}, this.head), this.body);
    this.element = h("div", { class: "window" }, this.table);
    this.element.addEventListener("scroll", () => this.draw());
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("dblclick", (event) => this.pointed(event, true));
    this.table.addEventListener("click", (event) => this.pointed(event, false));
    this.table.addEventListener("focusin", (event) => this.arrived(event.target as Element));
    new ResizeObserver(() => this.draw()).observe(this.element);
    addEventListener("beforeprint", () => this.print(true));
    addEventListener("afterprint", () => this.print(false));
  }

  show(headings: Heading[], rows: Student[]): void {
    this.headings = headings;
    this.rows = rows;
    this.sort();
    this.at.row = Math.min(this.at.row, Math.max(rows.length - 1, 0));
    fill(this.head, ...headings.map((heading, column) => this.heading(heading, column)));
    this.table.setAttribute("aria-rowcount", String(rows.length + 1));
    this.table.setAttribute("aria-colcount", String(headings.length));
    this.draw();
  }

  private print(whole: boolean): void {
    this.whole = whole;
    this.draw();
  }

  private heading(heading: Heading, column: number): HTMLElement {
    const mine = this.sorted.column === column;
    const order = mine ? (this.sorted.down ? "descending" : "ascending") : "none";
    const sort = h("button", { type: "button", onclick: () => this.sortBy(column) }, heading.title);
    return h("th", { scope: "col", role: "columnheader", "aria-sort": order, class: heading.kind, "aria-colindex": column + 1 }, sort);
  }

  private sortBy(column: number): void {
    this.sorted = { column, down: this.sorted.column === column && !this.sorted.down };
    this.show(this.headings, this.rows);
  }

  private sort(): void {
    const value = this.headings[this.sorted.column]?.sort;
    if (value === undefined) return;
    const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const sign = this.sorted.down ? -1 : 1;
    this.rows = [...this.rows].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      return sign * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)));
    });
  }

  /** Draws the rows that can be seen; an empty row above and below them stands for the rest. */
  private draw(): void {
    const high = this.element.clientHeight || 600;
    const top = this.whole ? 0 : Math.max(0, Math.floor(this.element.scrollTop / HEIGHT) - MORE);
    const bottom = this.whole ? this.rows.length : Math.min(this.rows.length, top + Math.ceil(high / HEIGHT) + 2 * MORE);
    const focused = this.body.contains(document.activeElement);
    if (this.body.querySelector("input") !== null) return;
    fill(
      this.body,
      space(top),
      ...this.rows.slice(top, bottom).map((student, index) => this.row(student, top + index)),
      space(this.rows.length - bottom),
    );
    if (focused) this.focus();
  }

  private row(student: Student, row: number): HTMLElement {
    const changed = this.was(student) !== null;
    const cells = this.headings.map((heading, column) => this.cell(student, heading, row, column));
    return h("tr", { "aria-rowindex": row + 2, class: [student.status, changed ? "changed" : ""].join(" ") }, ...cells);
  }

  private was(student: Student): string | null {
    const before = this.desk.before.get(student.student);
    return before === undefined || before === student.grade ? null : before;
  }

  private cell(student: Student, heading: Heading, row: number, column: number): HTMLElement {
    const here = this.at.row === row && this.at.column === column;
    const common = {
      tabindex: here ? 0 : -1,
      "data-row": row,
      "data-column": column,
      "aria-colindex": column + 1,
    };
    if (column === 0) return h("th", { ...common, scope: "row", role: "rowheader", class: "text" }, shownIn(heading, student));
    const score = this.scoreAt(student, column);
    if (score !== null) {
      const edited = this.desk.edits.some((edit) => isSame(edit.where, score.where));
      const kind = ["score", score.shared ? "shared" : "", edited ? "edited" : ""].join(" ");
      return h("td", { ...common, role: "gridcell", class: kind, title: score.shared && t("ofGroup") }, score.text);
    }
    if (heading.kind !== "grade") return h("td", { ...common, role: "gridcell", class: "text" }, shownIn(heading, student));
    const was = this.was(student);
    return h(
      "td",
      { ...common, role: "gridcell", class: "grade" },
      h("span", {}, student.grade || "–"),
      was !== null && h("span", { class: "was" }, ` ${t("was", { old: was || "–" })}`),
    );
  }

  private scoreAt(student: Student, column: number): Cell | null {
    const first = this.headings.findIndex((heading) => heading.kind === "score");
    return this.headings[column]?.kind === "score" ? (student.cells[column - first] ?? null) : null;
  }

  private pointed(event: MouseEvent, twice: boolean): void {
    if ((event.target as Element).closest("[data-row]") === null || event.target instanceof HTMLInputElement) return;
    this.arrived(event.target as Element);
    this.focus();
    if (twice || this.headings[this.at.column]?.kind === "grade") this.act();
  }

  /** Whichever way somebody came to a cell, the keys go on from there. */
  private arrived(target: Element): void {
    const cell = target.closest<HTMLElement>("[data-row]");
    if (cell === null) return;
    this.at = { row: Number(cell.dataset["row"]), column: Number(cell.dataset["column"]) };
    for (const other of this.body.querySelectorAll('[tabindex="0"]')) other.setAttribute("tabindex", "-1");
    cell.setAttribute("tabindex", "0");
  }

  private key(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target as Element).hasAttribute("data-row")) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / HEIGHT) - 2);
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-page, 0],
      PageDown: [page, 0],
      Home: [0, -this.headings.length],
      End: [0, this.headings.length],
    };
    const step = steps[event.key];
    if (step !== undefined) this.move(...step);
    else if (event.key === "Enter" || event.key === "F2") this.act();
    else if (event.key.length === 1 && event.key !== " ") this.act(event.key);
    else return;
    event.preventDefault();
  }

  private move(down: number, right: number): void {
    const within = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
    this.at = { row: within(this.at.row + down, this.rows.length), column: within(this.at.column + right, this.headings.length) };
    const top = this.at.row * HEIGHT;
    const seen = this.element.clientHeight - 2 * HEIGHT;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top > this.element.scrollTop + seen) this.element.scrollTop = top - seen;
    if (this.here() === null) this.draw();
    this.focus();
  }

  private here(): HTMLElement | null {
    return this.body.querySelector<HTMLElement>(`[data-row="${this.at.row}"][data-column="${this.at.column}"]`);
  }

  private focus(): void {
    this.here()?.focus();
  }

  /** Edits a score, or explains everything else. */
  private act(first?: string): void {
    const student = this.rows[this.at.row];
    if (student === undefined) return;
    const score = this.scoreAt(student, this.at.column);
    if (score === null) {
      if (first === undefined) this.explain(student);
    } else this.write(student, score, first);
  }

  private write(student: Student, score: Cell, first?: string): void {
    const cell = this.here();
    if (cell === null || score.where === null) return;
    const title = this.headings[this.at.column]?.title ?? "";
    const own = score.shared ? "" : score.text;
    const input = h("input", { value: first ?? own, "aria-label": `${title}, ${student.name || student.student}` });
    const where = score.where;
    let done = false;
    const leave = (keep: boolean, down: number) => {
      if (done) return;
      done = true;
      const text = input.value.trim();
      fill(cell, score.text);
      this.move(down, 0);
      if (keep && text !== own) {
        begin(this.desk.edit({ where, student: student.student, part: title, old: own, new: text }));
      }
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") leave(true, 1);
      else if (event.key === "Escape") leave(false, 0);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    input.addEventListener("blur", () => leave(true, 0));
    fill(cell, input);
    input.focus();
    if (first === undefined) input.select();
  }
}

function shownIn(heading: Heading, student: Student): string {
  return heading.text?.(student) ?? String(heading.sort(student));
}

function space(rows: number): HTMLElement {
  return h("tr", { class: "space", "aria-hidden": "true", style: `height: ${rows * HEIGHT}px` });
}
