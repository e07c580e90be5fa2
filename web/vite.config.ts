/// How the pages are built: two pages and one script with a fixed name, side by side, sharing what they load.
///
/// Every address in what comes out is relative, so that the pages also work behind a proxy that serves them under a path.
/// A file whose name has three parts (`name.HASH.js`) never changes and may be kept for good; `platform.js` and the like
/// are asked for again each time. Next to each file that compresses there are `.br` and `.gz`, made once, here.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/// Entries that pages of another program load, by names that they can know: `assets/NAME.js` and `assets/NAME.css`.
const FIXED = new Set(["platform"]);

/// The oldest browsers that the pages are made for: those of the spring of 2024.
const BROWSERS = ["chrome123", "firefox125", "safari17.5"];

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: BROWSERS,
    modulePreload: { polyfill: false },
    // An inlined file would be a data: address, which the content policy refuses.
    assetsInlineLimit: 0,
    // Their licences ask that they go along with what is made of them.
    license: { fileName: "assets/licences.md" },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: {
        playground: join(import.meta.dirname, "index.html"),
        dashboard: join(import.meta.dirname, "dashboard.html"),
        platform: join(import.meta.dirname, "src/platform/main.ts"),
      },
      output: {
        entryFileNames: ({ name }) => (FIXED.has(name) ? "assets/[name].js" : "assets/[name].[hash].js"),
        chunkFileNames: "assets/[name].[hash].js",
        assetFileNames: ({ names }) =>
          names.some((name) => FIXED.has(name.replace(/\.css$/, ""))) ? "assets/[name][extname]" : "assets/[name].[hash][extname]",
      },
    },
  },
  plugins: [compressed()],
});

/// Writes the compressed twin of each file that becomes smaller by it.
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      for (const name of FIXED) {
        for (const ending of ["js", "css"]) {
          // Style sheets with the same content become one file, of any of their names.
          readFileSync(join(import.meta.dirname, `dist/assets/${name}.${ending}`));
        }
      }
      for (const file of filesIn(join(import.meta.dirname, "dist"))) {
        const content = readFileSync(file);
        const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });
        const gzip = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
        for (const [ending, twin] of [[".br", brotli], [".gz", gzip]] as const) {
          if (twin.length < content.length) writeFileSync(file + ending, twin);
        }
      }
    },
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : /\.(br|gz)$/.test(name) ? [] : [path];
  });
}
