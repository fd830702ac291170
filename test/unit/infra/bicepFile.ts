import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";

/** A literal as itself, anything to be computed as its text behind `=`. */
export type Value = string | number | boolean | null | readonly Value[] | { [name: string]: Value };
export type Fields = { readonly [name: string]: Value };

export interface Resource {
  readonly symbol: string;
  readonly type: string;
  readonly version: string;
  readonly existing: boolean;
  readonly body: Fields;
}

export interface Module {
  readonly symbol: string;
  readonly path: string;
  readonly condition: string | undefined;
  readonly params: Fields;
}

export interface BicepFile {
  readonly path: string;
  readonly text: string;
  readonly faults: readonly string[];
  /** Parameters by name: whether a value must be given, and the type as written. */
  readonly parameters: ReadonlyMap<string, { readonly required: boolean; readonly type: string }>;
  readonly variables: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly resources: readonly Resource[];
  readonly modules: readonly Module[];
  /** Symbols that expressions name, and functions that they call. */
  readonly references: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
}

const INFRA = "infra";

/** Every Bicep file of the repository, its path relative to `infra`. */
export async function readBicepFiles(): Promise<BicepFile[]> {
  const parse = await bicepParser();
  return readdirSync(INFRA, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".bicep"))
    .sort()
    .map((path) => parse(path, readFileSync(join(INFRA, path), "utf8")));
}

/** What reads one file; the grammar is loaded once. */
export async function bicepParser(): Promise<(path: string, text: string) => BicepFile> {
  await Parser.init();
  const parser = new Parser();
  const grammar = "node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm";
  parser.setLanguage(await Language.load(readFileSync(grammar)));
  return (path, text) => {
    const tree = parser.parse(text);
    if (!tree) throw new Error(`${path} was not parsed`);
    const file = describe(path, text, tree.rootNode);
    tree.delete();
    return file;
  };
}

const named = (node: Node): Node[] => node.namedChildren.filter((each) => each !== null);
const first = (node: Node): Node => {
  const child = named(node)[0];
  if (!child) throw new Error(`nothing in ${node.type}`);
  return child;
};
const last = (node: Node): Node => named(node).at(-1) ?? node;

function describe(path: string, text: string, root: Node): BicepFile {
  const parameters = new Map<string, { required: boolean; type: string }>();
  const variables = new Map<string, string>();
  const outputs = new Map<string, string>();
  const resources: Resource[] = [];
  const modules: Module[] = [];
  for (const node of named(root)) {
    const name = named(node)[0]?.text ?? "";
    const type = named(node)[1]?.text ?? "";
    if (node.type === "parameter_declaration")
      parameters.set(name, { required: named(node).length === 2 && !type.endsWith("?"), type });
    else if (node.type === "variable_declaration") variables.set(name, last(node).text);
    else if (node.type === "output_declaration") outputs.set(name, last(node).text);
    else if (node.type === "resource_declaration") resources.push(resourceOf(node));
    else if (node.type === "module_declaration") modules.push(moduleOf(node));
  }
  const references = new Set<string>();
  const calls = new Set<string>();
  for (const node of named(root)) refer(node, new Set(), references, calls);
  const faults = root.descendantsOfType("ERROR").flatMap((node) => (node ? [at(node)] : []));
  if (root.hasError && faults.length === 0) faults.push("something is missing");
  return {
    ...{ path, text, faults, parameters, variables, outputs },
    ...{ resources, modules, references, calls },
  };
}

const at = ({ startPosition: { row }, text }: Node): string => `line ${row + 1}: ${text}`;

function resourceOf(node: Node): Resource {
  const [symbol, kind] = named(node);
  const [type = "", version = ""] = unquoted(kind?.text ?? "").split("@");
  const existing = node.children.some((child) => child?.type === "existing");
  return { symbol: symbol?.text ?? "", type, version, existing, body: bodyOf(last(node)) };
}

function moduleOf(node: Node): Module {
  const [symbol, path] = named(node);
  const body = last(node);
  const { params } = bodyOf(body);
  return {
    symbol: symbol?.text ?? "",
    path: unquoted(path?.text ?? ""),
    condition: body.type === "if_statement" ? first(body).text.slice(1, -1) : undefined,
    params: params && isFields(params) ? params : {},
  };
}

/** The object of a declaration, inside `if` and `for` as well. */
function bodyOf(node: Node): Fields {
  const value = valueIn(node.type === "object" ? node : objectIn(node));
  return isFields(value) ? value : {};
}

const objectIn = (node: Node): Node => {
  const inner = last(node);
  return inner.type === "object" || named(inner).length === 0 ? inner : objectIn(inner);
};

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unquoted = (text: string): string => text.replace(/^'|'$/g, "").replaceAll("\\'", "'");

function valueIn(node: Node): Value {
  if (node.type === "string") return unquoted(node.text);
  if (node.type === "number") return Number(node.text);
  if (node.type === "boolean") return node.text === "true";
  if (node.type === "null") return null;
  if (node.type === "array") return named(node).map(valueIn);
  if (node.type !== "object") return `=${node.text.replace(/\s+/g, " ")}`;
  return Object.fromEntries(
    named(node)
      .filter(({ type }) => type === "object_property")
      .map((property) => [unquoted(first(property).text), valueIn(last(property))]),
  );
}

/** Collects what a node names, but for what lambdas and loops bring themselves. */
function refer(
  node: Node,
  bound: ReadonlySet<string>,
  references: Set<string>,
  calls: Set<string>,
): void {
  const go = (child: Node, more: ReadonlySet<string> = bound) =>
    refer(child, more, references, calls);
  const children = named(node);
  if (node.type === "identifier") {
    if (!bound.has(node.text)) references.add(node.text);
  } else if (node.type === "type" || node.type === "decorators") {
    return;
  } else if (/_declaration$/.test(node.type)) {
    for (const child of children.slice(1)) go(child);
  } else if (node.type === "object_property") {
    const [key, ...values] = children;
    // A computed key is a string with an expression in it.
    if (key?.type === "string") go(key);
    for (const value of values) go(value);
  } else if (node.type === "call_expression") {
    calls.add(first(node).text);
    for (const child of children.slice(1)) go(child);
  } else if (node.type === "arguments") {
    // The grammar reads `each => each.name` as `(each => each).name`: the argument is its scope.
    for (const child of children) go(child, extended(bound, lambdaNames(child)));
  } else if (node.type === "for_statement") {
    const more = extended(bound, loopNames(node));
    for (const child of children) go(child, more);
  } else for (const child of children) go(child);
}

const extended = (bound: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> =>
  new Set([...bound, ...names]);

const lambdaNames = (node: Node): string[] =>
  node.descendantsOfType("lambda_expression").flatMap((each) => (each ? [first(each).text] : []));

function loopNames(node: Node): string[] {
  const single = node.childForFieldName("initializer");
  const pair = named(node).find(({ type }) => type === "for_loop_parameters");
  return single ? [single.text] : pair ? named(pair).map(({ text }) => text) : [];
}
