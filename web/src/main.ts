/** The page: its four views, its languages, and Python beside it. */

import { BookView } from "./book.ts";
import { Desk } from "./desk.ts";
import { fill, h, labelled } from "./dom.ts";
import { filesOf, OpenView } from "./open.ts";
import { payload } from "./payload.ts";
import { PlanView } from "./plan.ts";
import { begin, Python, type Stage } from "./python.ts";
import { ReportsView } from "./reports.ts";
import { canWrite, writeIntoFiles, writesIntoFiles } from "./saving.ts";
import { type Language, LANGUAGES, NAMES, preferred, speak, spoken, t } from "./words.ts";

const VIEWS = ["open", "plan", "class", "reports"] as const;
type View = (typeof VIEWS)[number];

class App {
  private readonly python = new Python(WORKER, payload);
  private desk = new Desk(this.python);
  private readonly root: HTMLElement;
  private readonly stage = h("span", { role: "status", class: "stage" });
  private readonly stop = h("button", { type: "button", class: "quiet hidden", onclick: () => this.halt() });
  private views = {} as Record<View, HTMLElement>;
  private plan: PlanView | null = null;
  private opener: OpenView | null = null;
  private now: View = "open";
  private started = false;

  constructor(root: HTMLElement) {
    this.root = root;
  }

  async begin(): Promise<void> {
    speak(preferred());
    this.python.onStage = (stage) => this.said(stage);
    this.python.onBusy = (busy) => this.busy(busy);
    this.draw();
    this.takeDrops();
    try {
      await this.python.start();
      await this.python.speak(spoken());
    } catch {
      this.said("failed");
    }
  }

  private said(stage: Stage): void {
    this.started = stage === "ready";
    fill(this.stage, stage === "ready" ? "" : t(stage));
    this.stage.classList.toggle("loading", stage !== "ready" && stage !== "failed");
    document.body.dataset["stage"] = stage;
    if (this.started && document.body.dataset["busy"] === "true") this.busy(true); // asked while Python began
  }

  private halt(): void {
    this.stop.classList.add("hidden");
    this.python.restart().catch(() => this.said("failed"));
  }

  /** Only what takes a while is said: a word that flickers tells nobody anything. */
  private timer = 0;
  private busy(busy: boolean): void {
    clearTimeout(this.timer);
    document.body.dataset["busy"] = String(busy);
    const show = () => {
      if (!this.started) return;
      fill(this.stage, busy ? t("working") : "");
      this.stage.classList.toggle("loading", busy);
      this.stop.classList.toggle("hidden", !busy);
    };
    if (busy) this.timer = window.setTimeout(show, 400);
    else show();
  }

  /** Makes every view, in the language that is spoken now. */
  private draw(): void {
    const book = new BookView(this.desk, (line) => this.visit(line));
    this.plan = new PlanView(this.desk);
    this.opener = new OpenView(this.desk, () => this.show(this.desk.sheets.length > 0 ? "class" : "plan"));
    this.views = {
      open: this.opener.element,
      plan: this.plan.element,
      class: book.element,
      reports: new ReportsView(this.desk).element,
    };
    fill(this.stop, t("stop"));
    fill(
      this.root,
      this.header(),
      h("main", { id: "main", tabindex: -1 }, ...Object.values(this.views)),
      h("footer", {}, h("span", { class: "status" }, this.stage, this.stop), canWrite() && this.intoFiles(), h("p", { class: "quiet" }, t("private"))),
    );
    this.show(this.now);
  }

  private header(): HTMLElement {
    const tab = (view: View) => h("button", { type: "button", "data-view": view, onclick: () => this.show(view) }, t(view));
    const languages = h(
      "select",
      {},
      ...LANGUAGES.map((code) => h("option", { value: code, selected: code === spoken(), lang: code }, NAMES[code])),
    );
    languages.addEventListener("change", () => begin(this.speak(languages.value as Language)));
    return h(
      "header",
      { class: "top" },
      h("h1", {}, "kurssi"),
      h("nav", { "aria-label": t("views") }, ...VIEWS.map(tab)),
      labelled(t("language"), languages, "language"),
    );
  }

  private intoFiles(): HTMLElement {
    const box = h("input", { type: "checkbox" });
    box.checked = writesIntoFiles();
    box.addEventListener("change", () => writeIntoFiles(box.checked));
    return h("label", { class: "tick" }, box, h("span", {}, t("intoFiles")));
  }

  private async speak(code: Language): Promise<void> {
    speak(code);
    const old = this.desk;
    this.desk = new Desk(this.python);
    Object.assign(this.desk, { plan: old.plan, text: old.text, sheets: old.sheets, overrides: old.overrides });
    Object.assign(this.desk, { maps: old.maps, edits: old.edits, before: old.before });
    this.draw();
    await this.desk.again(this.python.speak(code));
  }

  private show(view: View): void {
    this.now = view;
    for (const [name, element] of Object.entries(this.views)) element.classList.toggle("hidden", name !== view);
    for (const tab of this.root.querySelectorAll<HTMLElement>("nav button")) {
      if (tab.dataset["view"] === view) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
  }

  private visit(line: number): void {
    this.show("plan");
    this.plan?.go(line);
  }

  /** Files may be dropped anywhere; the browser itself never opens them instead of the page. */
  private takeDrops(): void {
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      const files = event.dataTransfer?.files;
      if (files === undefined || files.length === 0) return;
      begin(
        filesOf(files).then(async (found) => {
          await this.desk.add(found);
          this.show("open");
        }),
      );
    });
  }
}

const root = document.getElementById("app");
if (root !== null) void new App(root).begin();
