/** Reads a profile from text and says, for each mistake, which key and which line. */
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { DariError, type ErrorCode } from './errors.ts';
import { crossCheckProfile, profileSchema, type ProfileIssue, type RobotProfile } from './profile.ts';

/** @throws DariError `profileUnreadable` (not JSON) or `profileInvalid`; the message lists every mistake with its line */
export function parseProfile(text: string, fileName: string): RobotProfile {
  return parseStrictText<RobotProfile>(text, fileName, {
    what: 'The robot profile',
    unreadable: 'profileUnreadable',
    invalid: 'profileInvalid',
    parse: (value) => profileSchema.safeParse(value),
    crossCheck: crossCheckProfile,
  });
}

/** How one kind of file is checked. */
export interface StrictText<T> {
  /** Subject of the message, e.g. `The robot profile`. */
  readonly what: string;
  readonly unreadable: ErrorCode;
  readonly invalid: ErrorCode;
  parse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
  crossCheck(value: T): ProfileIssue[];
}

/** @throws DariError `unreadable` (not JSON) or `invalid`; the message lists every mistake with its key and line */
export function parseStrictText<T>(text: string, fileName: string, kind: StrictText<T>): T {
  const syntax: ParseError[] = [];
  const tree = parseTree(text, syntax, { disallowComments: true, allowTrailingComma: false });
  const [first] = syntax;
  if (first !== undefined || tree === undefined) {
    const where = first === undefined ? 1 : lineOf(text, first.offset);
    const what = first === undefined ? 'the file is empty' : printParseErrorCode(first.error);
    throw new DariError(kind.unreadable, `${fileName}:${where}: not valid JSON (${what}). Correct this line and try again.`);
  }
  const parsed = kind.parse(JSON.parse(text));
  const issues = parsed.success ? kind.crossCheck(parsed.data) : parsed.error.issues.flatMap(flattenIssue);
  if (parsed.success && issues.length === 0) return parsed.data;
  const lines = issues.map((issue) => `  ${fileName}:${lineOf(text, locate(tree, issue.path))}: ${issue.path.join('.') || '(top level)'}: ${issue.message}`);
  throw new DariError(kind.invalid, `${kind.what} has ${issues.length} mistake(s); correct them and try again:\n${lines.join('\n')}`);
}

interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  /** Of an `invalid_value`, what it may be. */
  readonly values?: readonly unknown[];
  /** Of an `invalid_type`. */
  readonly expected?: string;
}

/** One entry per unknown key, so that the line named is that key's. */
function flattenIssue(issue: SchemaIssue): ProfileIssue[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined)
    return issue.keys.map((key) => ({ path: [...path, key], message: 'unknown key; check the spelling' }));
  return [{ path, message: mistakeIn(issue) }];
}

const kinds: Readonly<Record<string, string>> = { number: 'a number', int: 'a whole number', string: 'a text in quotation marks', boolean: 'true or false', array: 'a list […]', object: 'an object {…}', record: 'an object {…}' };

/** The small schema library has no words of its own for these two. */
function mistakeIn({ code, message, values, expected }: SchemaIssue): string {
  if (code === 'invalid_value' && values !== undefined) return `must be ${values.map((value) => JSON.stringify(value)).join(' or ')}`;
  if (code === 'invalid_type' && expected !== undefined) return `is missing or of another kind; it must be ${kinds[expected] ?? expected}`;
  return message;
}

/** Offset of the deepest part of the path that exists. */
function locate(tree: Node, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(tree, path.slice(0, depth));
    if (node !== undefined) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return tree.offset;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset && i < text.length; i++) if (text[i] === '\n') line++;
  return line;
}
