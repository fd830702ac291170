import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Lets npm make a tarball of a folder that has a package.json: it gives every file the same time,
 * so the tarball depends on the contents only.
 *
 * @returns name of the file in `destination`
 */
export async function pack(folder: string, destination: string): Promise<string> {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const words = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
  const { stdout } = await promisify(execFile)(command, [...first, ...words], { cwd: folder });
  const [made] = JSON.parse(stdout) as { filename: string }[];
  if (made === undefined) throw new Error(`npm packed nothing in ${folder}`);
  return made.filename;
}
