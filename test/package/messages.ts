import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** What one literal of the sources says, with `<name>` in place of values. */
export interface Message {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Two words one after the other: identifiers, patterns and names of properties have none. */
const PROSE = /(?:^|[\s"'`(<>])[A-Za-z][a-z'-]*[,.:;>"`)]*\s+["'`(<]*[A-Za-z][\w'-]*/;

/** Calls whose first argument is a message, however short. */
const LOGS = /(?:^|\.)log$/;

/** The messages of all sources below these folders, in the order in which they stand there. */
export function messagesOf(root: string, folders: readonly string[]): Message[] {
  const files = folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file.replaceAll('\\', '/')}`))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort();
  const sources = files.map((file) => ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true));
  const names = new Set(sources.flatMap((source) => [...literalTypesOf(source)]));
  return sources.flatMap((source) => messagesIn(source, names));
}

/** The messages of one source. `names` are texts that only the code reads. */
export function messagesIn(source: ts.SourceFile, names: ReadonlySet<string> = literalTypesOf(source)): Message[] {
  const found: Message[] = [];
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    if (isForCode(node)) return;
    if (isText(node)) {
      const text = textOf(node).trim();
      const isLogged = ts.isCallExpression(node.parent) && node.parent.arguments[0] === node && LOGS.test(node.parent.expression.getText());
      if (!names.has(text) && (isLogged || PROSE.test(text))) {
        found.push({ file: source.fileName, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
      }
      // What stands in for a part of the text may be text as well.
      partsOf(node).forEach((part) => ts.forEachChild(part, visit));
      return;
    }
    ts.forEachChild(node, visit);
  }
}

function literalTypesOf(source: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) found.add(node.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Imports, types, patterns, keys and comparisons: no user sees them. */
function isForCode(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node) || ts.isTaggedTemplateExpression(node)) return true;
  if (ts.isNewExpression(node)) return node.expression.getText() === 'RegExp';
  // A list that is written as a text.
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'split';
  if (!ts.isStringLiteral(node)) return false;

  const { parent } = node;
  return ts.isCaseClause(parent) || ts.isElementAccessExpression(parent)
    || (ts.isPropertyAssignment(parent) && (parent.name === node || parent.name.getText() === 'name'))
    || (ts.isBinaryExpression(parent) && parent.operatorToken.getText().endsWith('=='));
}

function isText(node: ts.Node): node is ts.Expression {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) return true;
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(node.left) || isText(node.right));
}

/** The expressions whose values are parts of the text. */
function partsOf(node: ts.Node): ts.Node[] {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => wrapped(expression));
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap((side) => (isText(side) ? partsOf(side) : [wrapped(side)]));
  return [];
}

/** `forEachChild` of it visits the expression itself. */
function wrapped(expression: ts.Node): ts.Node {
  return ts.isTemplateSpan(expression.parent) ? expression.parent : expression;
}

function textOf(node: ts.Node): string {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ expression, literal }) => placeholder(expression) + literal.text).join('');
  }
  if (ts.isBinaryExpression(node) && isText(node)) return [node.left, node.right].map((side) => (isText(side) ? textOf(side) : placeholder(side))).join('');
  return placeholder(node);
}

/** The last name of an expression, as in `<serviceName>`. */
function placeholder(expression: ts.Node): string {
  if (ts.isParenthesizedExpression(expression) || ts.isNonNullExpression(expression) || ts.isAwaitExpression(expression)) {
    return placeholder(expression.expression);
  }
  if (ts.isIdentifier(expression)) return `<${expression.text}>`;
  if (ts.isPropertyAccessExpression(expression)) return `<${expression.name.text}>`;
  if (ts.isCallExpression(expression)) {
    const [argument] = expression.arguments;
    const { expression: callee } = expression;
    if (ts.isPropertyAccessExpression(callee) && callee.name.text !== 'stringify') return placeholder(callee.expression);
    return argument === undefined ? placeholder(callee) : placeholder(argument);
  }
  return '<…>';
}
