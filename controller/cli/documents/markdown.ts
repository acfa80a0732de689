/** Tables as they stand in `docs/`. */

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');

export const code = (text: string): string => `\`${text}\``;

/** @param source the file that the document is made from */
export const page = (title: string, source: string, parts: readonly string[]): string =>
  [`# ${title}`, `<!-- Generated from \`${source}\` by \`npm run docs\`; a test fails when it differs. -->`, ...parts].join('\n\n') + '\n';
