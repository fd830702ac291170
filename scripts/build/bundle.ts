import { build } from "esbuild";
import { ownSourceMap } from "./ownSourceMap.ts";
import { oneCopy, withoutLocales } from "./plugins.ts";

/** Name in the package, and content. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface Bundle {
  /** The code and its map. */
  readonly files: Files;
  /** Paths in the repository of everything that is in the code. */
  readonly inputs: readonly string[];
}

export interface BundleOptions {
  /** Folder of the repository. */
  readonly root: string;
  /** File that is started, in the repository. */
  readonly entry: string;
  readonly name: string;
  /** Modules that exist only where the code runs. */
  readonly external?: readonly string[];
  /** Code that runs before everything else in the file. */
  readonly first?: string;
}

/**
 * One CommonJS file of the sources and all they import. It is the same wherever it is written:
 * nothing in it depends on the place.
 */
export async function bundle({
  root,
  entry,
  name,
  external,
  first,
}: BundleOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    // Nothing is written there: the map names the sources as seen from it.
    outfile: name,
    external: [...(external ?? [])],
    ...(first !== undefined && { banner: { js: first } }),
    plugins: [withoutLocales, oneCopy],
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
  });
  const [code, map] = [name, `${name}.map`].map((wanted) =>
    outputFiles.find(({ path }) => path.endsWith(`/${wanted}`) || path.endsWith(`\\${wanted}`)),
  );
  if (!code || !map) throw new Error(`${entry} was not bundled`);
  const own = JSON.stringify(ownSourceMap(JSON.parse(map.text)));
  return {
    files: new Map([
      [name, code.contents],
      [`${name}.map`, Buffer.from(own)],
    ]),
    inputs: Object.entries(metafile.outputs[name]?.inputs ?? {}).flatMap(([path, input]) =>
      input.bytesInOutput > 0 ? [path] : [],
    ),
  };
}
