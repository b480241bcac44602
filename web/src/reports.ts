/** Everything that kurssi writes, as downloads: a command line for each, run by the same code as in a terminal. */

import { words } from "./cells.ts";
import type { Desk, Ran } from "./desk.ts";
import { button, fill, h, labelled } from "./dom.ts";
import { begin, unlessStopped } from "./python.ts";
import { handedOut } from "./saved.ts";
import { t, type Word } from "./words.ts";

interface Report {
  title: Word;
  file: string;
  needs: "plan" | "class";
  /** `day` is `--date`, for what has a date on it. */
  line: (desk: Desk, file: string, day: string[]) => string[];
  /** The folder whose files go into one archive. */
  folder?: string;
}

const grade = (desk: Desk, ...more: string[]) => ["grade", ...desk.arguments, ...desk.mapped, ...more];
const plan = (desk: Desk) => desk.plan ?? "";

const REPORTS: Record<"rGrades" | "rLists" | "rPlan", Report[]> = {
  rGrades: [
    { title: "rWorkbook", file: "{id}.xlsx", needs: "class", line: (desk, file) => grade(desk, "-o", file, "--force") },
    { title: "rTable", file: "{id}.csv", needs: "class", line: (desk, file) => grade(desk, "-o", file, "--force") },
    { title: "rText", file: "{id}.md", needs: "class", line: (desk, file) => grade(desk, "-o", file, "--force") },
    { title: "rProof", file: "{id}.json", needs: "class", line: (desk, file) => grade(desk, "-o", file, "--force") },
    {
      title: "rLock",
      file: "{id}.lock",
      needs: "class",
      line: (desk, file) => ["lock", ...desk.arguments, ...desk.mapped, "-o", file, "--force"],
    },
  ],
  rLists: [
    ...(["peppi", "sisu", "public"] as const).map((name): Report => ({
      title: ({ peppi: "rPeppi", sisu: "rSisu", public: "rPublic" } as const)[name],
      file: `{id}-${name}.csv`,
      needs: "class",
      line: (desk, file, day) => grade(desk, "--list", name, ...(name === "sisu" ? day : []), "-o", file, "--force"),
    })),
    {
      title: "rPages",
      file: "{id}-students.zip",
      needs: "class",
      folder: "students",
      line: (desk, _, day) => grade(desk, "--feedback", "students", ...day, "--force"),
    },
  ],
  rPlan: [
    { title: "rPage", file: "{id}-page.html", needs: "plan", line: (desk, file) => ["plan", plan(desk), "-o", file, "--force"] },
    { title: "rCalendar", file: "{id}.ics", needs: "plan", line: (desk, file) => ["plan", plan(desk), "-o", file, "--force"] },
    { title: "rPolicy", file: "{id}-policy.html", needs: "plan", line: (desk, file) => ["policy", plan(desk), "-o", file, "--force"] },
    { title: "rHours", file: "{id}-hours.md", needs: "plan", line: (desk, file) => ["workload", plan(desk), "-o", file, "--force"] },
    { title: "rSheet", file: "{id}-sheet.xlsx", needs: "plan", line: (desk, file) => ["sheet", plan(desk), "-o", file, "--force"] },
  ],
};

export class ReportsView {
  readonly element = h("section", { class: "view reports", "aria-label": t("reports") });
  private readonly desk: Desk;
  private readonly said = h("div", { class: "said", role: "status" });
  private readonly day = h("input", { type: "date", value: today() });
  private readonly buttons: { button: HTMLButtonElement; needs: "plan" | "class" }[] = [];

  constructor(desk: Desk) {
    this.desk = desk;
    const blocks = Object.entries(REPORTS).map(([title, reports]) =>
      h("section", {}, h("h2", {}, t(title as Word)), title === "rLists" && labelled(t("rDay"), this.day, "day"), h("ul", { class: "downloads" }, ...reports.map((report) => this.item(report)))),
    );
    this.element.append(h("p", { class: "quiet" }, t("reportsIntro")), h("div", { class: "blocks" }, ...blocks), this.said, this.commands());
    desk.onChange(() => this.show());
    this.show();
  }

  private show(): void {
    for (const { button, needs } of this.buttons) {
      button.disabled = needs === "class" ? this.desk.klass === null : this.desk.plan === null;
    }
  }

  private item(report: Report): HTMLElement {
    const made = h("button", { type: "button", class: "report" }, h("span", {}, t(report.title)), h("span", { class: "quiet" }, report.file.slice(report.file.lastIndexOf("."))));
    made.addEventListener("click", () => begin(this.make(report)));
    this.buttons.push({ button: made, needs: report.needs });
    return h("li", {}, made);
  }

  private async make(report: Report): Promise<void> {
    const id = this.desk.klass?.id ?? (this.desk.plan ?? "").replace(/\.ya?ml$/i, "");
    const file = report.file.replace("{id}", id);
    fill(this.said, h("p", { class: "quiet" }, t("working")));
    await this.answered(async () => {
      const ran = await this.desk.run(...report.line(this.desk, file, this.day.value === "" ? [] : ["--date", this.day.value]));
      const pages = report.folder === undefined ? [] : ran.written.filter((name) => name.startsWith(`${report.folder}/`));
      if (pages.length > 0) {
        await this.desk.python.ask("archive", { files: pages, into: file });
        ran.written = [file];
      }
      await this.handOut(ran, [file]);
    });
  }

  private async answered(act: () => Promise<void>): Promise<void> {
    const done = await unlessStopped(act().then(() => true));
    if (done === null) fill(this.said, h("p", {}, t("stopped")));
  }

  private async handOut(ran: Ran, wanted: string[]): Promise<void> {
    const names = ran.written.filter((name) => wanted.includes(name));
    const made = await Promise.all(names.map(async (name) => ({ name, bytes: await this.desk.python.get(name) })));
    if (made.length === 0) fill(this.said, h("pre", {}, ran.err || ran.out));
    else await handedOut(this.said, made);
  }

  /** A command line of the person's own, with what it prints, and what it writes to download. */
  private commands(): HTMLElement {
    const field = h("input", { autocomplete: "off", spellcheck: "false", value: "explain " });
    const out = h("div", { role: "status" });
    const saved = h("div", { role: "status" });
    const form = h(
      "form",
      { class: "command" },
      labelled("kurssi", field),
      h("button", { class: "main" }, t("run")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const answered = this.answered(async () => {
        const ran = await this.desk.run(...words(field.value));
        const files = ran.written.map((name) => h("li", {}, button(name, () => begin(this.save(name, saved)), "link")));
        const printed = [ran.out, ran.err].filter((text) => text !== "").join("\n");
        fill(saved);
        fill(
          out,
          h("pre", { tabindex: 0 }, printed || `exit ${ran.code}`),
          files.length > 0 && h("h3", {}, t("written")),
          files.length > 0 && h("ul", {}, ...files),
        );
      });
      begin(answered);
    });
    return h("details", {}, h("summary", {}, t("commandLine")), h("p", { class: "quiet" }, t("commandHint")), form, out, saved);
  }

  private async save(name: string, said: HTMLElement): Promise<void> {
    await handedOut(said, [{ name, bytes: await this.desk.python.get(name) }]);
  }
}

/** Today as the computer of the person has it. */
function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
