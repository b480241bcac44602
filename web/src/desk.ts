/** What the person has opened and done: one value, which all views show. */

import type { Python } from "./python.ts";

export interface Finding {
  rule: string;
  severity: "info" | "warning" | "error";
  message: string;
  file: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  cell: string | null;
  help: string | null;
  accepted: boolean;
  fix: string | null;
}

export interface Where {
  file: string;
  worksheet: string | null;
  row: number;
  column: number;
}

export interface Cell {
  text: string;
  shared: boolean;
  where: Where | null;
}

export interface Student {
  student: string;
  name: string;
  group: string;
  cells: Cell[];
  values: string[];
  exact: string;
  rank: number | null;
  grade: string;
  number: number | null;
  status: "graded" | "failed" | "incomplete";
  state: string;
  remark: string;
}

export interface Field {
  meaning: string;
  part: string;
  attempt: number;
  component: string;
  name: string;
}

export interface Klass {
  id: string;
  course: string;
  fields: Field[];
  students: Student[];
  summary: string;
  distribution: { grade: number; label: string; n: number }[];
  incomplete: number;
  weights: { id: string; name: string; weight: string }[];
  late: boolean;
  deducts: boolean;
}

/** A table of figures, in the words of kurssi; the first column is text. */
export interface Block {
  title: string;
  heads: string[];
  rows: string[][];
  lines: string[];
}

export interface Column {
  header: string;
  cells: string[];
  meaning: string;
  part: string;
  attempt: number;
  component: string;
}

export interface Understood {
  files: {
    file: string;
    tables: { worksheet: string | null; kind: string; layout: string | null; rows: number; columns: Column[] }[];
    errors: Finding[];
  }[];
  targets: { id: string; name: string }[];
}

export interface Edit {
  where: Where;
  student: string;
  part: string;
  old: string;
  new: string;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
  written: string[];
}

export type Change = "files" | "text" | "class";

const OVERRIDES = "overrides.csv";

export class Desk {
  readonly python: Python;
  plan: string | null = null;
  text = "";
  sheets: string[] = [];
  overrides = false;
  maps: [string, string][] = [];
  klass: Klass | null = null;
  findings: Finding[] = [];
  /** Whether the plan says how anything is assessed, as far as is known. */
  assessed = true;
  edits: Edit[] = [];
  /** The grade of each student before anything was edited. */
  before = new Map<string, string>();
  private readonly listeners = new Set<(change: Change) => void>();

  constructor(python: Python) {
    this.python = python;
  }

  onChange(listener: (change: Change) => void): void {
    this.listeners.add(listener);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  get inputs(): { file: string; sheets: string[]; maps: [string, string][] } {
    return { file: this.plan ?? "", sheets: this.sheets, maps: this.maps };
  }

  /** The same for a command line. */
  get arguments(): string[] {
    return [this.plan ?? "", ...this.sheets];
  }

  get mapped(): string[] {
    return this.maps.flatMap(([header, target]) => ["--map", `${header}=${target}`]);
  }

  async add(files: { name: string; bytes: Uint8Array; changed: number }[]): Promise<void> {
    for (const { name, bytes, changed } of files) {
      await this.python.put(name, bytes, changed);
      if (/\.ya?ml$/i.test(name)) {
        this.plan = name;
        this.text = new TextDecoder().decode(bytes);
      } else if (name === OVERRIDES) this.overrides = true;
      else if (!this.sheets.includes(name)) this.sheets.push(name);
    }
    this.forgetEdits();
    this.tell("files");
    await this.grade();
  }

  async remove(name: string): Promise<void> {
    await this.python.remove(name);
    if (name === this.plan) this.plan = null;
    else if (name === OVERRIDES) this.overrides = false;
    else this.sheets = this.sheets.filter((sheet) => sheet !== name);
    this.maps = this.maps.filter(([header]) => !header.startsWith(`${name}:`));
    this.forgetEdits();
    this.tell("files");
    await this.grade();
  }

  /** The person has written the plan anew. */
  async write(text: string): Promise<void> {
    if (this.plan === null || text === this.text) return;
    this.text = text;
    await this.python.put(this.plan, new TextEncoder().encode(text));
    this.tell("text");
  }

  async map(header: string, target: string | null): Promise<void> {
    this.maps = this.maps.filter(([known]) => known !== header);
    if (target !== null) this.maps.push([header, target]);
    this.tell("files");
    await this.grade();
  }

  async grade(): Promise<void> {
    if (this.plan === null || this.sheets.length === 0) {
      this.klass = null;
      this.findings = [];
      this.assessed = true;
    } else {
      const found = await this.python.ask<{ class: Klass | null; findings: Finding[]; assessed: boolean }>("grade", this.inputs);
      this.klass = found.class ?? (this.edits.length > 0 ? this.klass : null);
      this.findings = found.findings;
      this.assessed = found.assessed;
      if (found.class !== null && this.edits.length === 0) this.remember(found.class);
    }
    this.tell("class");
  }

  private remember(klass: Klass): void {
    this.before = new Map(klass.students.map((student) => [student.student, student.grade]));
  }

  private forgetEdits(): void {
    this.edits = [];
    this.before.clear();
  }

  /** Says everything again, after the language has changed. */
  async again(): Promise<void> {
    this.tell("files");
    await this.grade();
  }

  /** Writes a score into its sheet and grades again. */
  async edit(one: Edit): Promise<void> {
    const same = this.edits.find((edit) => isSame(edit.where, one.where));
    if (same !== undefined) same.new = one.new;
    else this.edits.push(one);
    await this.writeCell(one.where, one.new);
    this.edits = this.edits.filter((edit) => edit.old !== edit.new);
    await this.grade();
  }

  async undo(one: Edit): Promise<void> {
    await this.edit({ ...one, new: one.old });
  }

  private async writeCell(where: Where, text: string): Promise<void> {
    await this.python.ask("write_cells", { file: where.file, cells: [{ ...where, text }] });
    await this.python.keep(where.file);
  }

  async run(...given: string[]): Promise<Ran> {
    return this.python.ask<Ran>("run", { arguments: given });
  }
}

export function isSame(one: Where | null, other: Where | null): boolean {
  return (
    one !== null &&
    other !== null &&
    one.file === other.file &&
    one.worksheet === other.worksheet &&
    one.row === other.row &&
    one.column === other.column
  );
}
