/** What was opened, and how each file and column is understood. */

import type { Column, Desk, Understood } from "./desk.ts";
import { button, fill, h, labelled, later } from "./dom.ts";
import { findingList, stoppedNote } from "./findings.ts";
import { begin, unlessStopped } from "./python.ts";
import { isWord, t } from "./words.ts";

const RESERVED = ["student", "surname", "first name", "name", "email", "login", "group", "activity", "attended"];
const MOST_COLUMNS = 200;
/** So many columns are shown at a time: one that somebody looks for is found by its name. */
const MOST_TABLES = 50;
const NOTHING: Understood = { files: [], targets: [] };
/** How files are understood before it is known, and where it is not. */
const UNUSED = "unused";
/** What kurssi calls a column that nothing is made of. */

export async function filesOf(list: Iterable<File>): Promise<{ name: string; bytes: Uint8Array; changed: number }[]> {
  return Promise.all(
    [...list].map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
      changed: file.lastModified,
    })),
  );
}

export class OpenView {
  readonly element = h("section", { class: "view", "aria-label": t("open") });
  private readonly desk: Desk;
  private readonly list = h("div", { class: "files" });
  private readonly made: () => void;

  constructor(desk: Desk, made: () => void) {
    this.desk = desk;
    this.made = made;
    this.element.append(this.ways(), this.list);
    desk.onChange((change) => {
      if (change === "files") this.draw(NOTHING, "");
      else if (change === "class") begin(this.show());
    });
  }

  private ways(): HTMLElement {
    const chosen = h("input", { type: "file", multiple: true, class: "hidden", tabindex: -1, "aria-hidden": "true" });
    chosen.addEventListener("change", () => {
      const files = [...(chosen.files ?? [])];
      chosen.value = ""; // the same file, changed meanwhile, can be chosen again
      begin(this.take(files));
    });
    const form = this.questions();
    const drop = h(
      "div",
      { class: "drop" },
      h("p", { class: "large" }, t("dropHere")),
      h("p", { class: "quiet" }, t("dropHint")),
      h("p", {}, button(t("choose"), () => chosen.click(), "main")),
      chosen,
    );
    const other = h(
      "div",
      { class: "ways" },
      way(t("example"), t("exampleHint"), () => begin(this.example())),
      way(t("questions"), t("questionsHint"), () => form.showModal()),
      form,
    );
    return h("div", { class: "begin" }, drop, other);
  }

  async take(files: Iterable<File>): Promise<void> {
    await this.desk.add(await filesOf(files));
  }

  private async example(): Promise<void> {
    const files = Object.entries(EXAMPLE).map(([name, text]) => ({
      name,
      bytes: new TextEncoder().encode(text),
      changed: Date.now(),
    }));
    await this.desk.add(files.sort((a, b) => Number(b.name.endsWith(".yaml")) - Number(a.name.endsWith(".yaml"))));
    this.made();
  }

  private questions(): HTMLDialogElement {
    const field = (name: string, given: Record<string, string | boolean>) => h("input", { name, required: true, ...given });
    const form = h(
      "form",
      { method: "dialog", class: "questions" },
      labelled(t("qCode"), field("code", {})),
      labelled(t("qName"), field("name", {})),
      labelled(t("qCredits"), field("credits", { value: "5", inputmode: "decimal" })),
      labelled(t("qStart"), field("start", { type: "date" })),
      labelled(t("qEnd"), field("end", { type: "date" })),
      labelled(t("qSessions"), field("sessions", { value: "8x3" })),
      labelled(t("qParts"), field("parts", { value: t("qPartsExample") })),
    );
    const said = h("p", { class: "said", role: "alert" });
    const dialog = h(
      "dialog",
      { "aria-label": t("questions") },
      h("h2", {}, t("questions")),
      form,
      said,
      h("p", { class: "buttons" }, button(t("close"), () => dialog.close())),
    );
    form.append(h("p", { class: "buttons" }, h("button", { class: "main" }, t("make"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin(this.makeFile(form, said).then((done) => done && dialog.close()));
    });
    return dialog;
  }

  private async makeFile(form: HTMLFormElement, said: HTMLElement): Promise<boolean> {
    const answers = [...new FormData(form)].map(([name, value]) => `--${name}=${String(value)}`);
    const name = `${String(new FormData(form).get("code")).replace(/[^\w-]/g, "") || "kurssi"}.yaml`;
    const ran = await this.desk.run("new", ...answers, "-o", name, "--force");
    fill(said, ran.code === 0 ? "" : ran.err || ran.out);
    if (ran.code !== 0) return false;
    const bytes = await this.desk.python.get(name);
    await this.desk.add([{ name, bytes, changed: Date.now() }]);
    this.made();
    return true;
  }

  private async show(): Promise<void> {
    const { plan, sheets, stopped } = this.desk;
    if (stopped) return this.draw(NOTHING, stoppedNote(this.desk));
    const why = plan === null ? t("needsPlan") : sheets.length === 0 ? t("needsSheets") : "";
    if (plan === null) return this.draw(NOTHING, why);
    const found = await unlessStopped(this.desk.python.ask<Understood>("understood", this.desk.inputs));
    if (found === null) return this.draw(NOTHING, stoppedNote(this.desk));
    const errors = sheets.length > 0 && found.targets.length === 0 ? t(this.desk.assessed ? "planHasErrors" : "notAssessed") : "";
    this.draw(found, why || errors);
  }

  private draw(found: Understood, said: string | HTMLElement): void {
    const { plan, sheets, overrides } = this.desk;
    if (plan === null && sheets.length === 0) return fill(this.list);
    const here = this.list.contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
    fill(
      this.list,
      h("h2", {}, t("files")),
      plan !== null && this.file(plan, t("implementation")),
      ...sheets.map((name) => this.sheet(name, found)),
      overrides && this.file("overrides.csv", t("overrides")),
      typeof said === "string" ? said !== "" && h("p", { class: "quiet" }, said) : said,
      this.desk.findings.length > 0 && h("h2", {}, t("findings")),
      this.desk.findings.length > 0 && findingList(this.desk.findings),
    );
    if (here) this.list.querySelector<HTMLElement>(`[aria-label="${CSS.escape(here)}"]`)?.focus();
  }

  private file(name: string, kind: string, ...more: HTMLElement[]): HTMLElement {
    const remove = button(t("remove"), () => begin(this.desk.remove(name)), "quiet");
    remove.setAttribute("aria-label", t("removeFile", { name }));
    return h("article", { class: "file" }, h("header", {}, h("h3", {}, name), h("span", { class: "quiet" }, kind), remove), ...more);
  }

  private sheet(name: string, found: Understood): HTMLElement {
    const file = found.files.find((one) => one.file === name);
    const tables = file?.tables ?? [];
    const kind = tables.slice(0, MOST_TABLES).map(({ kind, rows, layout, worksheet }) =>
      [worksheet, layout, `${rows} ${isWord(kind) ? t(kind) : kind}`].filter((part) => part !== null).join(" · "),
    );
    const read = kind.join("; ") || (found.targets.length > 0 ? t("notRead") : "");
    const left = tables.length - MOST_TABLES;
    return this.file(
      name,
      read,
      ...tables.slice(0, MOST_TABLES).map((table) => this.columns(name, table.columns, found)),
      ...(left > 0 ? [h("p", { class: "quiet" }, t("moreTables", { n: left }))] : []),
    );
  }

  private columns(name: string, columns: Column[], found: Understood): HTMLElement {
    const named = columns.filter((column) => column.header !== "");
    const head = [t("column"), t("readAs"), t("inside")].map((text) => h("th", { scope: "col" }, text));
    const body = h("tbody");
    const more = h("p", { class: "tools" });
    const search = h("input", { type: "search" });
    let most = MOST_COLUMNS;
    const show = () => {
      const wanted = search.value.trim().toLocaleLowerCase();
      const those = named.filter((column) => column.header.toLocaleLowerCase().includes(wanted));
      const further = () => {
        most += MOST_COLUMNS;
        show();
      };
      fill(body, ...those.slice(0, most).map((column) => this.column(name, column, found)));
      fill(more, those.length > most && button(t("showMore", { n: Math.min(MOST_COLUMNS, those.length - most), all: those.length }), further));
    };
    search.addEventListener("input", later(150, show));
    const details = h(
      "details",
      { open: named.length <= MOST_COLUMNS && named.some((column) => column.meaning === UNUSED) },
      h("summary", {}, t("columnsOf", { name })),
      named.length > MOST_COLUMNS && h("p", { class: "tools" }, labelled(t("search"), search)),
      h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": t("columnsOf", { name }) },
        h("table", { class: "columns" }, h("thead", {}, h("tr", {}, ...head)), body)),
      more,
    );
    details.addEventListener("toggle", () => body.childElementCount === 0 && show());
    if (details.open) show();
    return details;
  }

  private column(name: string, column: Column, found: Understood): HTMLElement {
    return h(
      "tr",
      { class: column.meaning === UNUSED ? "unused" : "" },
      h("th", { scope: "row" }, column.header),
      h("td", {}, this.choice(name, column, found)),
      h("td", { class: "quiet" }, column.cells.join(", ")),
    );
  }

  private choice(name: string, column: Column, found: Understood): HTMLElement {
    const key = `${name}:${column.header}`;
    const now = valueOf(column);
    const options = [
      [UNUSED, t("unused")],
      ...found.targets.map(({ id, name }) => [id, name]),
      ...RESERVED.map((word) => [word, isWord(word) ? t(word) : word]),
    ] as [string, string][];
    if (!options.some(([value]) => value === now)) options.unshift([now, meaningOf(column, found)]);
    const select = h(
      "select",
      { "aria-label": t("readAsOf", { header: column.header }) },
      ...options.map(([value, text]) => h("option", { value, selected: value === now }, text)),
    );
    select.addEventListener("change", () => begin(this.desk.map(key, select.value)));
    return select;
  }
}

function way(title: string, hint: string, act: () => void): HTMLElement {
  return h("button", { type: "button", class: "way", onclick: act }, h("strong", {}, title), h("span", {}, hint));
}

function valueOf(column: Column): string {
  if (column.meaning !== "score") return column.meaning;
  return column.attempt > 1 || column.component !== "" ? `${column.part} ${column.component || column.attempt}` : column.part;
}

function meaningOf(column: Column, found: Understood): string {
  const part = found.targets.find(({ id }) => id === column.part)?.name ?? column.part;
  if (column.meaning === "score") return [part, column.component || column.attempt].join(" ");
  return isWord(column.meaning) ? t(column.meaning, { part }) : column.meaning;
}
