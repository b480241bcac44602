/** The hours against the promise, and the weeks of the term with what falls into them. */

import { h } from "./dom.ts";
import { isWord, locale, t } from "./words.ts";

export interface Workload {
  split: Record<string, string>;
  sum: string;
  declared: string | null;
  by_credits: string | null;
  credits: string;
  by_week?: { weeks: { week: string; total: string }[] } | null;
}

export interface Timetable {
  weeks: { week: string; monday: string; teaching: boolean; holidays: unknown[] }[];
  sessions: { n: number; topic: string | null; week: string | null }[];
  events: { kind: string; at: string; part: string | null; attempt: number }[];
}

export function hoursBar(workload: Workload): HTMLElement {
  const promised = valueOf(workload.declared ?? workload.by_credits ?? workload.sum);
  const sum = valueOf(workload.sum);
  const whole = Math.max(promised, sum, 1);
  const pieces = Object.entries(workload.split).map(([kind, hours]) => {
    const name = isWord(kind) ? t(kind) : kind;
    const width = `width: ${(100 * valueOf(hours)) / whole}%`;
    const said = `${number(hours)} h ${name}`; // the number first: what does not fit is cut off
    return h("span", { class: `piece ${kind}`, style: width, title: said }, said);
  });
  const gap = promised - sum;
  const said = t("hoursLine", { sum: number(workload.sum), declared: number(String(promised)), credits: workload.credits });
  const off = gap === 0 ? "" : t(gap > 0 ? "missing" : "over", { n: number(String(Math.abs(gap))) });
  return h(
    "figure",
    {},
    h("figcaption", {}, said, off !== "" && h("strong", { class: "off" }, ` ${off}`)),
    h("div", { class: "pieces" }, ...pieces, gap > 0 && h("span", { class: "piece gap", style: `width: ${(100 * gap) / whole}%` })),
  );
}

export function weeksTable(plan: Timetable, workload: Workload | null, names: Map<string, string>): HTMLElement {
  const hours = new Map(workload?.by_week?.weeks.map(({ week, total }) => [week, total]));
  const most = Math.max(1, ...[...hours.values()].map(valueOf));
  const rows = plan.weeks.map(({ week, monday, teaching }) => {
    const total = hours.get(week) ?? "0";
    const sessions = plan.sessions.filter((session) => session.week === week).map(({ n, topic }) => h("li", {}, `${n}. ${topic ?? ""}`));
    const due = plan.events.filter(({ kind, at }) => kind === "deadline" && weekOf(at.slice(0, 10)) === week);
    const events = due.map(({ at, part, attempt }) => {
      const which = attempt > 1 ? ` ${attempt}` : "";
      return h("li", { class: "deadline" }, `${short(at.slice(0, 10))} ${t("deadline")}: ${names.get(part ?? "") ?? part ?? ""}${which}`);
    });
    return h(
      "tr",
      { class: teaching ? "" : "break" },
      h("th", { scope: "row" }, week.slice(-2).replace(/^0/, ""), h("span", { class: "quiet" }, ` ${short(monday)}`)),
      h("td", { class: "load" }, valueOf(total) > 0 && h("span", { class: "bar", style: `width: ${(100 * valueOf(total)) / most}%` }), h("span", {}, `${number(total)} h`)),
      h("td", {}, teaching ? null : h("span", { class: "quiet" }, t("break")), h("ul", {}, ...sessions, ...events)),
    );
  });
  const head = [t("week"), t("hours"), t("sessions")].map((text) => h("th", { scope: "col" }, text));
  return h("table", { class: "weeks" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}

/** Lengths of bars only: a fraction such as 400/3 need not be exact for them. */
function valueOf(text: string): number {
  const [above = "0", below = "1"] = text.split("/");
  return Number(above) / Number(below);
}

function number(text: string): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(valueOf(text));
}

function short(day: string): string {
  const date = new Date(`${day}T12:00:00`);
  return Number.isNaN(date.valueOf()) ? day : new Intl.DateTimeFormat(locale(), { day: "numeric", month: "numeric" }).format(date);
}

/** The ISO week of a day, as kurssi writes it: 2024-W03. */
export function weekOf(day: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(date.valueOf())) return "";
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.ceil(((thursday.valueOf() - first) / 86_400_000 + 1) / 7);
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}
