/** The first mistake that a schema found, for people: where it is and what is wrong. */
interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly expected?: string;
}

/** @param whole what to call the value when the mistake is in none of its parts */
export function firstMistake(issues: readonly SchemaIssue[], whole: string): string {
  const [issue] = issues;
  if (issue === undefined) return `${whole}: invalid`;
  const place = issue.path.map(String).join('.') || whole;
  if (issue.code === 'unrecognized_keys') return `${place}: unknown key "${issue.keys?.[0] ?? ''}"`;
  return `${place}: ${issue.expected === undefined ? issue.message : `expected ${issue.expected}`}`;
}
