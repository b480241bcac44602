/** Figures beside the class: how the grades fall, groups beside each other, and who would move under another rule. */

import type { Desk, Klass, Student } from "./desk.ts";
import { button, fill, h, labelled, later } from "./dom.ts";
import { locale, t } from "./words.ts";

export function distribution(klass: Klass): HTMLElement {
  const most = Math.max(1, ...klass.distribution.map(({ n }) => n), klass.incomplete);
  const rows = [...klass.distribution.map(({ label, n }) => bar(label, n, most))];
  if (klass.incomplete > 0) rows.push(bar("?", klass.incomplete, most));
  return h("section", {}, h("h3", {}, t("distribution")), h("table", { class: "bars" }, h("tbody", {}, ...rows)));
}

function bar(label: string, n: number, most: number): HTMLElement {
  const width = `width: ${(100 * n) / most}%`;
  return h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, h("span", { class: "bar", style: width })), h("td", { class: "n" }, String(n)));
}

/** The smallest group whose figures are shown: below it they would tell of a single person. */
const SMALLEST = 3;

export function groups(klass: Klass): HTMLElement | null {
  const by = new Map<string, Student[]>();
  for (const student of klass.students) {
    if (student.group !== "") by.set(student.group, [...(by.get(student.group) ?? []), student]);
  }
  const found = [...by].filter(([, students]) => students.length >= SMALLEST).sort(([a], [b]) => a.localeCompare(b));
  if (found.length < 2) return null;
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const rows = found.map(([name, students]) => {
    const grades = students.flatMap((student) => (student.number === null ? [] : [student.number]));
    const mean = grades.length === 0 ? "–" : number.format(grades.reduce((sum, grade) => sum + grade, 0) / grades.length);
    const passed = students.filter((student) => student.status === "graded").length;
    const cells = [String(students.length), mean, `${passed}/${students.length}`];
    return h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((text) => h("td", { class: "n" }, text)));
  });
  const head = [t("group"), "n", t("mean"), t("passedShare")].map((text) => h("th", { scope: "col" }, text));
  const table = h("table", { class: "plain" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
  return h("section", {}, h("h3", {}, t("byGroup")), table);
}

interface Moved {
  was: string | null;
  now: string | null;
  moved: { student: string; old: string; new: string }[];
}

export class WhatIf {
  private readonly element = h("section", { class: "what-if" });
  private readonly desk: Desk;
  private readonly explain: (student: string) => void;
  private readonly rule = h("select");
  private readonly slider = h("input", { type: "range", min: -20, max: 20, step: 1, value: 0 });
  private readonly said = h("div", { role: "status" });
  private klass: Klass | null = null;
  private readonly ask = later(150, () => void this.show());

  constructor(desk: Desk, explain: (student: string) => void) {
    this.desk = desk;
    this.explain = explain;
    this.rule.addEventListener("change", () => this.begin());
    this.slider.addEventListener("input", this.ask);
    const fields = [labelled(t("whatIfRule"), this.rule), labelled(t("whatIf"), this.slider, "slider")];
    this.element.append(h("h3", {}, t("whatIf")), ...fields, this.said);
  }

  shownFor(klass: Klass): HTMLElement | null {
    this.klass = klass;
    const now = this.rule.value;
    const options = klass.weights.map(({ id, name }) => h("option", { value: id }, t("whatIfWeight", { part: name })));
    if (klass.late) options.push(h("option", { value: "" }, t("whatIfGrace")));
    if (options.length === 0) return null;
    fill(this.rule, ...options);
    if (klass.weights.some(({ id }) => id === now)) this.rule.value = now;
    this.begin();
    return this.element;
  }

  private begin(): void {
    const grace = this.rule.value === "";
    this.slider.min = grace ? "0" : "-20";
    this.slider.max = grace ? "14" : "20";
    this.slider.value = "0";
    fill(this.said);
  }

  private async show(): Promise<void> {
    const change = Number(this.slider.value);
    if (change === 0) return fill(this.said);
    const part = this.rule.value === "" ? null : this.rule.value;
    const found = await this.desk.python.ask<Moved | null>("what_if", { part, change });
    if (found === null) return fill(this.said, h("p", { class: "quiet" }, t("thisDoesNotWork")));
    const rule = found.was === null ? `+${change} ${t("whatIfGrace")}` : `${found.was} % → ${found.now ?? ""} %`;
    const names = new Map(this.klass?.students.map((student) => [student.student, student.name || student.student]));
    const items = found.moved.map(({ student, old, new: now }) =>
      h("li", {}, button(names.get(student) ?? student, () => this.explain(student), "link"), ` ${old} → ${now}`),
    );
    fill(
      this.said,
      h("p", { class: "rule" }, rule),
      h("p", {}, items.length === 0 ? t("noOneMoves") : t("wouldMove", { n: items.length })),
      items.length > 0 && h("ul", {}, ...items),
    );
  }
}
