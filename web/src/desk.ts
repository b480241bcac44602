/** What the person has opened and done: one value, which all views show. */

import { type Python, Stopped } from "./python.ts";

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

/** What was written into one sheet. */
export interface Written {
  file: string;
  as: string;
  cells: (Where & { text: string })[];
}

const OVERRIDES = "overrides.csv";
const EDITED = "edited";
/** The folder of edited sheets. */
const WRITABLE = /\.(csv|tsv|txt|xlsx)$/i;

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
  /** Whether the person stopped what would say how the class is graded. */
  stopped = false;
  edits: Edit[] = [];
  /** The grade of each student before anything was edited. */
  before = new Map<string, string>();
  private readonly listeners = new Set<(change: Change) => void>();
  /** Which of the Pythons that were begun knows the class. */
  private knownBy = 0;

  constructor(python: Python) {
    this.python = python;
  }

  onChange(listener: (change: Change) => void): void {
    this.listeners.add(listener);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  get inputs(): { file: string; sheets: string[]; maps: [string, string][]; written: Written[] } {
    return { file: this.plan ?? "", sheets: this.sheets, maps: this.maps, written: this.written };
  }

  /** The same for a command line. */
  get arguments(): string[] {
    return [this.plan ?? "", ...this.sheets.map((name) => this.goesOutAs(name))];
  }

  get mapped(): string[] {
    const named = (header: string) => {
      const file = this.sheets.find((name) => header.startsWith(`${name}:`));
      return file === undefined ? header : this.goesOutAs(file) + header.slice(file.length);
    };
    return this.maps.flatMap(([header, target]) => ["--map", `${named(header)}=${target}`]);
  }

  /** What was written into the sheets, which stay as they were opened. */
  get written(): Written[] {
    const names = [...new Set(this.edits.map(({ where }) => where.file))];
    return names.map((file) => ({
      file,
      as: this.goesOutAs(file),
      cells: this.edits.filter(({ where }) => where.file === file).map(({ where, new: text }) => ({ ...where, text })),
    }));
  }

  /** The name of a sheet once it is edited: a format that cannot be written becomes .xlsx. */
  goesOutAs(name: string): string {
    if (WRITABLE.test(name) || !this.edits.some(({ where }) => where.file === name)) return name;
    const other = name.replace(/\.\w+$/, ".xlsx");
    return this.sheets.includes(other) || other === name ? `${name}.xlsx` : other;
  }

  /** Whatever is stopped from here on: what was opened stays opened. */
  async add(files: { name: string; bytes: Uint8Array; changed: number }[]): Promise<void> {
    const given = files.map(({ name, bytes, changed }) => this.python.put(name, bytes, changed));
    for (const { name, bytes } of files) {
      if (/\.ya?ml$/i.test(name)) {
        this.plan = name;
        this.text = new TextDecoder().decode(bytes);
      } else if (name === OVERRIDES) this.overrides = true;
      else if (!this.sheets.includes(name)) this.sheets.push(name);
      this.forgetEdits(name);
    }
    this.tell("files");
    await this.gradeAfter(Promise.all(given));
  }

  async remove(name: string): Promise<void> {
    const removed = this.python.remove(name);
    if (name === this.plan) this.plan = null;
    else if (name === OVERRIDES) this.overrides = false;
    else this.sheets = this.sheets.filter((sheet) => sheet !== name);
    this.maps = this.maps.filter(([header]) => !header.startsWith(`${name}:`));
    this.forgetEdits(name);
    this.tell("files");
    await this.gradeAfter(removed);
  }

  /** The person has written the plan anew. */
  async write(text: string): Promise<void> {
    if (this.plan === null || text === this.text) return;
    this.text = text;
    const given = this.python.put(this.plan, new TextEncoder().encode(text));
    this.tell("text");
    await given;
  }

  async map(header: string, target: string | null): Promise<void> {
    this.maps = this.maps.filter(([known]) => known !== header);
    if (target !== null) this.maps.push([header, target]);
    await this.grade();
  }

  async grade(): Promise<void> {
    await this.gradeAfter(Promise.resolve());
  }

  /** Grades once what it needs is done. Where one of them is stopped there is no class, and every view is told. */
  private async gradeAfter(work: Promise<unknown>): Promise<void> {
    try {
      await work;
      await this.gradeNow();
      this.stopped = false;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.none();
      this.stopped = true;
    }
    this.tell("class");
  }

  private none(): void {
    this.klass = null;
    this.findings = [];
    this.assessed = true;
  }

  private async gradeNow(): Promise<void> {
    if (this.plan === null || this.sheets.length === 0) this.none();
    else {
      const found = await this.askToGrade();
      this.klass = found.class ?? (this.edits.length > 0 ? this.klass : null);
      this.findings = found.findings;
      this.assessed = found.assessed;
      if (found.class !== null && this.edits.length === 0) this.remember(found.class);
    }
  }

  private async askToGrade(): Promise<{ class: Klass | null; findings: Finding[]; assessed: boolean }> {
    const found = await this.python.ask<{ class: Klass | null; findings: Finding[]; assessed: boolean }>("grade", this.inputs);
    this.knownBy = this.python.begun;
    return found;
  }

  /** Asks something of the class; a Python that was begun after it was graded has to grade it first. */
  async ofClass<T>(name: string, given: Record<string, unknown> = {}): Promise<T> {
    if (this.knownBy !== this.python.begun) await this.askToGrade();
    return this.python.ask<T>(name, given);
  }

  private remember(klass: Klass): void {
    this.before = new Map(klass.students.map((student) => [student.student, student.grade]));
  }

  /** A file that was opened anew, or removed, has nothing written into it. */
  private forgetEdits(file: string): void {
    this.edits = this.edits.filter(({ where }) => where.file !== file);
    if (this.edits.length === 0) this.before.clear();
  }

  /** Says everything again, after the language has changed. */
  async again(told: Promise<void>): Promise<void> {
    this.tell("files");
    await this.gradeAfter(told);
  }

  /** Grades again with another score. */
  async edit(one: Edit): Promise<void> {
    const same = this.edits.find((edit) => isSame(edit.where, one.where));
    if (same !== undefined) same.new = one.new;
    else this.edits.push(one);
    this.edits = this.edits.filter((edit) => edit.old !== edit.new);
    await this.grade();
  }

  async undo(one: Edit): Promise<void> {
    await this.edit({ ...one, new: one.old });
  }

  /** Runs a command line; it finds the sheets as they were edited. */
  async run(...given: string[]): Promise<Ran> {
    return this.python.ask<Ran>("run", { arguments: given, written: this.written });
  }

  /** The edited sheets. */
  async editedSheets(): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }[]> {
    const names = await this.python.ask<string[]>("edited", { written: this.written, into: EDITED });
    return Promise.all(names.map(async (name) => ({ name, bytes: await this.python.get(`${EDITED}/${name}`) })));
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
