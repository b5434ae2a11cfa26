import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** The pages directly in a folder, as paths from the root. */
export function pagesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder)).filter((file) => file.endsWith('.md')).map((file) => posix.join(folder, file)).sort();
}

/** The text without blocks of code: nothing in them is a link, a heading or a table. */
export function proseOf(markdown: string): string {
  return markdown.replace(/^( *)(```+|~~~+).*?^\1\2 *$/gms, '');
}

/** The addresses of all links and images. */
export function linksIn(markdown: string): string[] {
  const prose = proseOf(markdown).replace(/`[^`\n]*`/g, '`');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, address]) => address);
}

/** The anchors that GitHub gives to the headings. */
export function anchorsIn(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(markdown).matchAll(/^#{1,6} +(.*?) *#*$/gm)].map(([, heading]) => {
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** The links of a page that lead nowhere in the repository. Addresses on the Internet are not looked up. */
export function brokenLinks(root: string, page: string, markdown: string): string[] {
  return linksIn(markdown).filter((address) => {
    if (/^[a-z]+:/.test(address)) return false;
    const [path, anchor] = address.split('#');
    const file = path === '' ? page : posix.join(dirname(page), path);
    // Outside of the repository there is nothing on GitHub and on npm.
    if (path.startsWith('/') || file.startsWith('../') || !existsSync(join(root, file))) return true;
    if (anchor === undefined) return false;
    return statSync(join(root, file)).isDirectory() || !anchorsIn(file === page ? markdown : readFileSync(join(root, file), 'utf8')).includes(anchor);
  });
}

/** The rows of all tables whose first column has this title: the text of each cell. */
export function rowsOf(markdown: string, firstColumn: string): string[][] {
  const cellsOf = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());
  const lines = proseOf(markdown).split('\n');
  return lines.flatMap((line, index) => {
    if (!line.startsWith('|') || cellsOf(line)[0] !== firstColumn || !/^\|[-| ]+\|$/.test(lines[index + 1] ?? '')) return [];
    const end = lines.findIndex((other, at) => at > index && !other.startsWith('|'));
    return lines.slice(index + 2, end === -1 ? undefined : end).map(cellsOf);
  });
}

/** What stands in backticks. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
}
