/** What the name of a file with a private key ends in. */
export const KEY_FILE_ENDING = ".jwk.json";
