/*
 * The five classes of the complexity rule: "Password must meet complexity requirements" in the
 * security policy reference of Windows. Symbols are a fixed list of ASCII punctuation, without the
 * space; currency signs count as none.
 */
const CLASSES: readonly RegExp[] = [
  /\p{Lu}/u,
  /\p{Ll}/u,
  /[0-9]/,
  /[~!@#$%^&*_\-+=`|\\(){}[\]:;"'<>,.?/]/,
  /[\p{Lo}\p{Lm}\p{Lt}]/u,
];

/** How many of the five classes have a character in the password. */
export const characterClasses = (password: string): number =>
  CLASSES.filter((pattern) => pattern.test(password)).length;
