/** What the schema of implementation files says of the place where somebody writes. */

export interface Shape {
  $ref?: string;
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape | Shape[];
  anyOf?: Shape[];
  oneOf?: Shape[];
  allOf?: Shape[];
  definitions?: Record<string, Shape>;
  examples?: unknown[];
}

export interface Key {
  name: string;
  help: string;
  value: Shape;
}

export class Schema {
  private readonly root: Shape;

  constructor(root: Shape) {
    this.root = root;
  }

  /** The keys that may stand in the mapping at a path; "-" is an entry of a list. */
  keys(path: string[]): Key[] {
    const found = new Map<string, Key>();
    for (const shape of this.at(path)) {
      for (const [name, value] of Object.entries(shape.properties ?? {})) {
        if (!found.has(name)) found.set(name, { name, help: value.description ?? "", value });
      }
    }
    return [...found.values()];
  }

  /** The words that a value may be. */
  values(path: string[]): string[] {
    const found = this.at(path).flatMap((shape) => [...(shape.enum ?? []), ...(shape.const === undefined ? [] : [shape.const])]);
    return [...new Set(found.map(String))];
  }

  help(path: string[]): string {
    const name = path.at(-1) ?? "";
    return this.keys(path.slice(0, -1)).find((key) => key.name === name)?.help ?? "";
  }

  private at(path: string[]): Shape[] {
    let shapes = this.open(this.root);
    for (const step of path) {
      shapes = shapes.flatMap((shape) => this.step(shape, step).flatMap((next) => this.open(next)));
    }
    return shapes;
  }

  private step(shape: Shape, step: string): Shape[] {
    if (step === "-") return Array.isArray(shape.items) ? shape.items : shape.items === undefined ? [] : [shape.items];
    const named = shape.properties?.[step];
    if (named !== undefined) return [named];
    return typeof shape.additionalProperties === "object" ? [shape.additionalProperties] : [];
  }

  /** A shape and all that it may be instead. */
  private open(shape: Shape, depth = 0): Shape[] {
    if (depth > 8) return [];
    const name = shape.$ref?.split("/").at(-1);
    const referred = name === undefined ? undefined : this.root.definitions?.[name];
    const others = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? []), ...(referred ? [referred] : [])];
    return [shape, ...others.flatMap((other) => this.open(other, depth + 1))];
  }
}

/** Where somebody writes: the mapping that the place is in, and the key whose value it is. */
export interface Spot {
  path: string[];
  key: string | null;
}

const BEGIN = /^(\s*)((?:- +)*)(?:([\w-]+|"[^"]*"|'[^']*') *:(?:\s+|$))?/;

export function spotAt(lines: string[], line: number, column: number): Spot {
  const before = (lines[line] ?? "").slice(0, column);
  const [begin = "", space = "", dashes = "", key] = BEGIN.exec(before) ?? [];
  const path = [...outer(lines, line, space.length), ...dashesOf(dashes)];
  return within(before.slice(begin.length), { path, key: key === undefined ? null : bare(key) });
}

/** The keys and lists that a line stands in, by indentation, as YAML in block style has it. */
function outer(lines: string[], line: number, indent: number): string[] {
  const path: string[] = [];
  let depth = indent;
  let inList = /^\s*-( |$)/.test(lines[line] ?? "");
  for (let at = line - 1; at >= 0; at--) {
    const text = lines[at] ?? "";
    const [, space = "", dashes = "", key] = BEGIN.exec(text) ?? [];
    if (/^\s*(#|$)/.test(text)) continue;
    const own = space.length + dashes.length;
    if (key !== undefined && (own < depth || (inList && own === depth && dashes === ""))) {
      path.unshift(bare(key));
      depth = own;
      inList = false;
    }
    for (let dash = own - 2; dash >= space.length; dash -= 2) {
      if (dash >= depth) continue;
      path.unshift("-");
      depth = dash;
      inList = true;
    }
  }
  return path;
}

/** Goes on inside the braces and brackets that are open at the end of the text. */
function within(text: string, spot: Spot): Spot {
  const stack: Spot[] = [];
  let now = spot;
  for (const [token] of text.matchAll(/"[^"]*"|'[^']*'|[{}[\],]|[\w-]+(?= *:(?:\s|$))/g)) {
    const inside = now.key === null ? now.path : [...now.path, now.key];
    if (token === "{" || token === "[") {
      stack.push(now);
      now = { path: token === "[" ? [...inside, "-"] : inside, key: null };
    } else if (token === "}" || token === "]") now = stack.pop() ?? now;
    else if (token === ",") now = { path: now.path, key: null };
    else if (!/^["']/.test(token)) now = { path: now.path, key: token };
  }
  return now;
}

function dashesOf(text: string): string[] {
  return text.split("-").slice(1).map(() => "-");
}

function bare(key: string): string {
  return key.replace(/^["']|["']$/g, "");
}
