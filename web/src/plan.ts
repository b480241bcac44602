/** The plan: the implementation file beside what follows from it. */

import type { Desk, Finding } from "./desk.ts";
import { button, fill, h, later } from "./dom.ts";
import { type Asked, Editor } from "./editor.ts";
import { findingList } from "./findings.ts";
import { hoursBar, type Timetable, weeksTable, type Workload } from "./hours.ts";
import { begin, Stopped, unlessStopped } from "./python.ts";
import { handedOut } from "./saved.ts";
import { t, type Word } from "./words.ts";

type Side = "findings" | "hours" | "page" | "card";
const SIDES: Side[] = ["findings", "hours", "page", "card"];
/** How long somebody must pause before what takes longer than the findings is made anew. */
const PAUSE = 700;
/** How long keys are gathered before the findings are made anew: those of one stroke, of one paste. */
const CHECK = 15;

export class PlanView {
  readonly element = h("section", { class: "view plan", "aria-label": t("plan") });
  private readonly desk: Desk;
  private readonly editor: Editor;
  private readonly beside = h("div", { class: "beside", role: "tabpanel", id: "beside", tabindex: 0 });
  private readonly tabs = h("div", { class: "tabs", role: "tablist" });
  private readonly bar = h("div", { class: "hours-bar" });
  private readonly empty = h("p", { class: "large quiet" });
  private readonly saved = h("div", { class: "quiet", role: "status" });
  private side: Side = "findings";
  private findings: Finding[] = [];
  private certain = true;
  private made = new Map<Side, string>();

  constructor(desk: Desk) {
    this.desk = desk;
    const place = h("div", { class: "editor" });
    const ask = async (name: string, line: number, column: number) => {
      await desk.write(this.editor.text);
      return desk.python.ask<never>(name, { file: desk.plan, line, column });
    };
    const asked: Asked = {
      proposals: async (...at) => (await unlessStopped(ask("proposals", ...at))) ?? [],
      help: (...at) => unlessStopped(ask("help", ...at)),
    };
    this.editor = new Editor(place, asked, (text) => begin(desk.write(text)));
    const save = button(t("save"), () => begin(this.save()), "main");
    const tools = h("div", { class: "tools" }, save, h("span", { id: "editor-help", class: "quiet" }, t("editorHelp")), this.saved);
    const right = h("div", { class: "right" }, this.bar, this.tabs, this.beside);
    this.element.append(this.empty, h("div", { class: "two" }, h("div", { class: "left" }, tools, place), right));
    const check = later(CHECK, () => begin(this.check()));
    const rest = later(PAUSE, () => begin(this.rest()));
    desk.onChange((change) => {
      if (change === "class") return;
      if (change === "files") this.editor.set(desk.text);
      this.made.clear();
      check();
      rest();
      this.show();
    });
    this.tabList();
    this.show();
  }

  go(line: number): void {
    this.editor.go(line);
  }

  private show(): void {
    const has = this.desk.plan !== null;
    fill(this.empty, has ? "" : t("noPlan"));
    this.element.querySelector(".two")?.classList.toggle("hidden", !has);
  }

  private tabList(): void {
    const tab = (side: Side) => {
      const chosen = side === this.side;
      const given = { role: "tab", id: `tab-${side}`, "aria-selected": String(chosen), "aria-controls": "beside", tabindex: chosen ? 0 : -1 };
      return h("button", { type: "button", ...given, onclick: () => begin(this.choose(side)) }, t(side satisfies Word));
    };
    fill(this.tabs, ...SIDES.map(tab));
    this.beside.setAttribute("aria-labelledby", `tab-${this.side}`);
    this.tabs.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      const next = SIDES[(SIDES.indexOf(this.side) + step + SIDES.length) % SIDES.length] ?? "findings";
      begin(this.choose(next));
      document.getElementById(`tab-${next}`)?.focus();
    };
  }

  private async choose(side: Side): Promise<void> {
    this.side = side;
    this.tabList();
    await this.saysStopped(() => this.draw());
  }

  /** Does what may be stopped, and says beside the file when it was. */
  private async saysStopped(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      const again = () => begin(this.check().then(() => this.rest()));
      fill(this.beside, h("p", { class: "large", role: "status" }, `${t("stopped")} `, button(t("checkAgain"), again, "main")));
    }
  }

  /** What is found while somebody writes: at once, and after a pause also what takes longer. */
  private check(everything = false): Promise<void> {
    return this.saysStopped(() => this.find(everything));
  }

  private async find(everything: boolean): Promise<void> {
    if (this.desk.plan === null) return;
    const found = await this.desk.python.ask<{ findings: Finding[]; certain: boolean }>("findings", { file: this.desk.plan, everything });
    this.findings = found.findings;
    this.certain = found.certain;
    this.editor.show(found.findings);
    if (this.side === "findings") await this.draw();
  }

  /** What may come a little later: the hours, and what stands beside. */
  private async rest(): Promise<void> {
    await this.saysStopped(() => this.follow());
  }

  private async follow(): Promise<void> {
    if (this.desk.plan === null) return;
    if (!this.certain) await this.find(true);
    const ran = await this.desk.run("workload", this.desk.plan, "--by-week", "--format", "json");
    const found = parsed<{ workloads: Workload[] }>(ran.out)?.workloads[0];
    fill(this.bar, found !== undefined && hoursBar(found));
    if (this.side !== "findings") await this.draw();
    await this.desk.grade();
  }

  private async draw(): Promise<void> {
    if (this.desk.plan === null) return;
    if (this.side === "findings") {
      fill(this.beside, findingList(this.findings, (finding) => this.editor.go(finding.line, finding.column), (finding) => this.editor.fix(finding)));
    } else if (this.side === "hours") await this.drawHours(this.desk.plan);
    else await this.drawPage(this.side, this.desk.plan);
  }

  private async drawHours(plan: string): Promise<void> {
    const hours = parsed<{ workloads: Workload[] }>((await this.desk.run("workload", plan, "--by-week", "--format", "json")).out);
    const weeks = parsed<Timetable>((await this.desk.run("plan", plan, "--format", "json")).out);
    if (this.side !== "hours") return;
    const names = new Map(this.desk.klass?.fields.map(({ part, name }) => [part, name]));
    fill(this.beside, weeks === null ? h("p", { class: "quiet" }, t("notPossible")) : weeksTable(weeks, hours?.workloads[0] ?? null, names));
  }

  private async drawPage(side: "page" | "card", plan: string): Promise<void> {
    let text = this.made.get(side);
    if (text === undefined) {
      fill(this.beside, h("p", { class: "quiet", role: "status" }, t("makingPage")));
      text = await this.html(side, plan);
    }
    if (this.side !== side) return;
    if (text === "") return fill(this.beside, h("p", { class: "quiet" }, t("notPossible")));
    this.made.set(side, text);
    // no script, no address of its own: what stands in the file is shown, and can do nothing
    fill(this.beside, h("iframe", { sandbox: "", srcdoc: text, title: t(side) }));
  }

  private async html(side: "page" | "card", plan: string): Promise<string> {
    const name = `preview-${side}.html`;
    const ran = await this.desk.run(side === "page" ? "plan" : "policy", plan, "-o", name, "--force");
    return ran.written.includes(name) ? new TextDecoder().decode(await this.desk.python.get(name)) : "";
  }

  private async save(): Promise<void> {
    if (this.desk.plan === null) return;
    await this.desk.write(this.editor.text);
    await handedOut(this.saved, [{ name: this.desk.plan, bytes: new TextEncoder().encode(this.desk.text), type: "application/yaml" }]);
  }
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null; // nothing is printed of a file with errors
  }
}
