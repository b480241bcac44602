/** Figures of the class: how the grades fall, parts and groups, and who would move under another rule. */

import type { Block, Desk, Klass } from "./desk.ts";
import { button, fill, h, labelled, later } from "./dom.ts";
import { begin, unlessStopped } from "./python.ts";
import { t } from "./words.ts";

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

/** What kurssi says of parts and groups, as it stands in its reports. */
export function figureTables(blocks: Block[]): HTMLElement[] {
  return blocks.map(({ title, heads, rows, lines }) => {
    const head = heads.map((text) => h("th", { scope: "col" }, text));
    const body = rows.map(([name, ...cells]) =>
      h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((text) => h("td", { class: "n" }, text))),
    );
    const table = h("table", { class: "plain figures-table" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...body));
    return h(
      "section",
      {},
      h("h3", {}, title),
      h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title }, table),
      ...lines.map((line) => h("p", { class: "quiet help" }, line)),
    );
  });
}

interface Moved {
  was: string | null;
  now: string | null;
  moved: { student: string; old: string; new: string }[];
}

/** The rules that can be another one, with the ends of their slider. */
const RULES = { weight: [-20, 20, 1], grace: [0, 14, 1], deduction: [-100, 100, 10] } as const;
type Rule = keyof typeof RULES;

export class WhatIf {
  private readonly element = h("section", { class: "what-if" });
  private readonly desk: Desk;
  private readonly explain: (student: string) => void;
  private readonly rule = h("select");
  private readonly slider = h("input", { type: "range" });
  private readonly said = h("div", { role: "status" });
  private klass: Klass | null = null;
  private readonly ask = later(150, () => begin(this.show()));

  constructor(desk: Desk, explain: (student: string) => void) {
    this.desk = desk;
    this.explain = explain;
    this.rule.addEventListener("change", () => this.begin());
    this.slider.addEventListener("input", this.ask);
    const fields = [labelled(t("whatIfRule"), this.rule), labelled(t("whatIfHow"), this.slider, "slider")];
    this.element.append(h("h3", {}, t("whatIf")), ...fields, this.said);
  }

  shownFor(klass: Klass): HTMLElement | null {
    this.klass = klass;
    const now = this.rule.value;
    const options = klass.weights.map(({ id, name }) => h("option", { value: `weight ${id}` }, t("whatIfWeight", { part: name })));
    if (klass.late) options.push(h("option", { value: "grace" }, t("whatIfGrace")));
    if (klass.deducts) options.push(h("option", { value: "deduction" }, t("whatIfDeduction")));
    if (options.length === 0) return null;
    fill(this.rule, ...options);
    if (options.some(({ value }) => value === now)) this.rule.value = now;
    this.begin();
    return this.element;
  }

  /** What is chosen, and the part that it is about. */
  private get chosen(): { rule: Rule; part: string | null } {
    const [rule, part] = this.rule.value.split(" ") as [Rule, string | undefined];
    return { rule, part: part ?? null };
  }

  private begin(): void {
    const [min, max, step] = RULES[this.chosen.rule];
    Object.assign(this.slider, { min: String(min), max: String(max), step: String(step), value: "0" });
    fill(this.said);
  }

  private async show(): Promise<void> {
    const change = Number(this.slider.value);
    if (change === 0) return fill(this.said);
    const { rule, part } = this.chosen;
    const asked = this.desk.ofClass<Moved | null>("what_if", { rule, part, change });
    const answer = await unlessStopped(asked.then((found) => ({ found })));
    if (answer === null) return fill(this.said, h("p", {}, t("stopped")));
    const { found } = answer;
    if (found === null) return fill(this.said, h("p", { class: "quiet" }, t("thisDoesNotWork")));
    const names = new Map(this.klass?.students.map((student) => [student.student, student.name || student.student]));
    const items = found.moved.map(({ student, old, new: now }) =>
      h("li", {}, button(names.get(student) ?? student, () => this.explain(student), "link"), ` ${old || "–"} → ${now || "–"}`),
    );
    fill(
      this.said,
      h("p", { class: "rule" }, described(rule, change, found)),
      h("p", {}, items.length === 0 ? t("noOneMoves") : t("wouldMove", { n: items.length })),
      items.length > 0 && h("ul", {}, ...items),
    );
  }
}

function described(rule: Rule, change: number, found: Moved): string {
  if (rule === "weight") return `${found.was ?? ""} % → ${found.now ?? ""} %`;
  return rule === "grace" ? `+${change} ${t("whatIfGrace")}` : t("whatIfTakes", { n: 100 + change });
}
