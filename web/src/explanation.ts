/** How one grade came about, beside the table: each step with the line of its rule. */

import type { Desk, Student } from "./desk.ts";
import { button, fill, h } from "./dom.ts";
import { t } from "./words.ts";

interface Explained {
  student: string;
  name: string;
  verdict: string;
  sections: { heading: string; steps: { kind: string; text: string; rule: string; line: number }[] }[];
}

export class Explanation {
  readonly element = h("dialog", { class: "explanation", "aria-label": t("explanation") });
  private readonly desk: Desk;
  private readonly go: (line: number) => void;

  constructor(desk: Desk, go: (line: number) => void) {
    this.desk = desk;
    this.go = go;
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close());
  }

  async show(student: Student): Promise<void> {
    const found = await this.desk.ofClass<Explained | null>("explain", { student: student.student });
    if (found === null) return;
    const lines = this.desk.text.split("\n");
    fill(
      this.element,
      h("header", {}, h("h2", {}, `${found.name || found.student}`), button(t("close"), () => this.element.close(), "quiet")),
      h("p", { class: "quiet" }, found.student),
      h("p", { class: "verdict" }, found.verdict),
      student.remark !== "" && h("p", {}, student.remark),
      ...found.sections.map(({ heading, steps }) =>
        h("section", {}, h("h3", {}, heading), h("dl", {}, ...steps.flatMap((step) => this.step(step, lines)))),
      ),
    );
    if (!this.element.open) this.element.showModal();
    this.element.scrollTop = 0;
  }

  private step(step: { kind: string; text: string; rule: string; line: number }, lines: string[]): HTMLElement[] {
    const rule = button(t("line", { n: step.line }), () => this.visit(step.line), "link");
    rule.title = lines[step.line - 1]?.trim() ?? step.rule;
    return [h("dt", {}, step.kind), h("dd", {}, step.text, " ", rule)];
  }

  private visit(line: number): void {
    this.element.close();
    this.go(line);
  }
}
