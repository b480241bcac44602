/** How a file leaves the page: as a download, or into a file that the person chooses, where the browser can and they say so. */

import { download } from "./dom.ts";

/** What is used of the browser's file system access, which TypeScript does not know yet. */
interface FileHandle {
  name: string;
  createWritable: () => Promise<{ write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>; close: () => Promise<void> }>;
}
type Picker = (options: { suggestedName: string }) => Promise<FileHandle>;

/** What became of a file. `wait` is for a browser that opens its dialog only right after a click. */
export type Outcome = "downloaded" | "written" | "given up" | "wait";

const DOWNLOAD = "application/octet-stream";
let chosen = false;
/** The files that were chosen, by the name that they have in the page: the second time nobody is asked. Gone with the page. */
const handles = new Map<string, FileHandle>();

function picker(): Picker | undefined {
  return (window as unknown as { showSaveFilePicker?: Picker }).showSaveFilePicker?.bind(window);
}

/** Whether this browser can write into files at all. */
export function canWrite(): boolean {
  return picker() !== undefined;
}

export function writesIntoFiles(): boolean {
  return chosen && canWrite();
}

/** The person says that files are to be written where they choose, or downloaded again. */
export function writeIntoFiles(wanted: boolean): void {
  chosen = wanted;
  handles.clear();
}

export async function save(name: string, bytes: Uint8Array<ArrayBuffer>, type = DOWNLOAD): Promise<Outcome> {
  const pick = picker();
  if (!chosen || pick === undefined) {
    download(name, bytes, type);
    return "downloaded";
  }
  try {
    const handle = handles.get(name) ?? (await pick({ suggestedName: name.slice(name.lastIndexOf("/") + 1) }));
    const file = await handle.createWritable();
    await file.write(bytes);
    await file.close();
    handles.set(name, handle);
    return "written";
  } catch (error) {
    handles.delete(name);
    if (!(error instanceof DOMException)) throw error;
    if (error.name === "AbortError") return "given up";
    if (error.name === "SecurityError") return "wait";
    // a file that cannot be written, or a browser that forbids it: what was made must not be lost
    download(name, bytes, type);
    return "downloaded";
  }
}
