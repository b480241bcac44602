/** Findings as a list that a person reads. */

import type { Desk, Finding } from "./desk.ts";
import { button, h } from "./dom.ts";
import { begin } from "./python.ts";
import { t } from "./words.ts";

/** Says that the work was stopped, with the way on. */
export function stoppedNote(desk: Desk): HTMLElement {
  return h("p", { class: "large", role: "status" }, `${t("stopped")} `, button(t("gradeAgain"), () => begin(desk.grade()), "main"));
}

export function findingList(findings: Finding[], go?: (finding: Finding) => void, fix?: (finding: Finding) => void): HTMLElement {
  const standing = findings.filter((finding) => !finding.accepted);
  const accepted = findings.filter((finding) => finding.accepted).map((finding) => item(finding, go));
  const order = { error: 0, warning: 1, info: 2 };
  standing.sort((a, b) => order[a.severity] - order[b.severity] || a.line - b.line);
  return h(
    "div",
    {},
    standing.length === 0 && h("p", { class: "quiet" }, t("nothingWrong")),
    standing.length > 0 && h("ul", { class: "findings" }, ...standing.map((finding) => item(finding, go, fix))),
    accepted.length > 0 &&
      h("details", {}, h("summary", {}, t("accepted", { n: accepted.length })), h("ul", { class: "findings" }, ...accepted)),
  );
}

function item(finding: Finding, go?: (finding: Finding) => void, fix?: (finding: Finding) => void): HTMLElement {
  const place = finding.cell ?? t("line", { n: finding.line });
  return h(
    "li",
    { class: finding.accepted ? "accepted" : finding.severity },
    h("span", { class: "severity" }, t(finding.severity)),
    h(
      "div",
      {},
      h("p", {}, finding.message),
      finding.help !== null && h("p", { class: "quiet" }, finding.help),
      h(
        "p",
        { class: "place" },
        go === undefined ? h("span", { class: "quiet" }, `${finding.file} ${place}`) : button(place, () => go(finding), "link"),
        fix !== undefined && finding.fix !== null && button(t("applyFix", { text: finding.fix }), () => fix(finding), "small"),
        h("code", { class: "quiet" }, finding.rule),
      ),
    ),
  );
}
