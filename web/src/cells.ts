/** Text that goes into tables and command lines. */

/** A cell of CSV; what a spreadsheet would take for a formula becomes text. */
export function quoted(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) && text !== "-" ? `'${text}` : text;
  return /[;"\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The words of a command line; quotation marks hold several together. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
}
