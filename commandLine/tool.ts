/** An option of some commands. One without a value is a switch. */
export interface Option {
  /** How the usage calls its value. */
  readonly value?: string;
  readonly meaning: string;
  /** What a value has to look like, and how that is said after "must be". */
  readonly must?: readonly [RegExp, string];
}
/** Options by their names, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

/** What was given: an option that was not is an empty text, or false. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends { readonly value: string } ? string : boolean;
};

/** A command: what it is given, and what is done then. */
export interface Command<O extends Options, Run> {
  readonly does: string;
  /** How the usage calls its one operand. */
  readonly operand?: string;
  readonly needs: readonly (keyof O & string)[];
  readonly may: readonly (keyof O & string)[];
  /** What is wrong with options that are right one by one. */
  readonly wrong?: (values: Values<O>) => string | undefined;
  readonly run: (values: Values<O>, operand: string) => Run;
}

/** Commands that are called by one name. */
export interface Tool<O extends Options, Run> {
  /** What stands before a command. */
  readonly name: string;
  readonly options: O;
  readonly commands: Readonly<Record<string, Command<O, Run>>>;
  /** Last lines of the usage. */
  readonly notes: string;
}
