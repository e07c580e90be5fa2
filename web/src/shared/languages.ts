/// What colours the code of each language, loaded when it is first needed. A language that is not in the list is edited as
/// plain text: everything else works.

import { StreamLanguage, type StreamParser } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

type Loader = () => Promise<Extension>;

const stream = async (parser: Promise<StreamParser<any>>): Promise<Extension> => StreamLanguage.define(await parser);
const clike = () => import("@codemirror/legacy-modes/mode/clike");

const LOADERS: Record<string, Loader> = {
  python: async () => (await import("@codemirror/lang-python")).python(),
  javascript: async () => (await import("@codemirror/lang-javascript")).javascript(),
  typescript: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
  c: async () => (await import("@codemirror/lang-cpp")).cpp(),
  cpp: async () => (await import("@codemirror/lang-cpp")).cpp(),
  java: async () => (await import("@codemirror/lang-java")).java(),
  rust: async () => (await import("@codemirror/lang-rust")).rust(),
  go: async () => (await import("@codemirror/lang-go")).go(),
  // A function's body begins without `<?php`.
  php: async () => (await import("@codemirror/lang-php")).php({ plain: true }),
  sql: async () => {
    const { sql, SQLite } = await import("@codemirror/lang-sql");
    return sql({ dialect: SQLite });
  },
  assembly: () => stream(import("@codemirror/legacy-modes/mode/gas").then((mode) => mode.gas)),
  bash: () => stream(import("@codemirror/legacy-modes/mode/shell").then((mode) => mode.shell)),
  clojure: () => stream(import("@codemirror/legacy-modes/mode/clojure").then((mode) => mode.clojure)),
  cobol: () => stream(import("@codemirror/legacy-modes/mode/cobol").then((mode) => mode.cobol)),
  csharp: () => stream(clike().then((mode) => mode.csharp)),
  d: () => stream(import("@codemirror/legacy-modes/mode/d").then((mode) => mode.d)),
  erlang: () => stream(import("@codemirror/legacy-modes/mode/erlang").then((mode) => mode.erlang)),
  fortran: () => stream(import("@codemirror/legacy-modes/mode/fortran").then((mode) => mode.fortran)),
  haskell: () => stream(import("@codemirror/legacy-modes/mode/haskell").then((mode) => mode.haskell)),
  kotlin: () => stream(clike().then((mode) => mode.kotlin)),
  lisp: () => stream(import("@codemirror/legacy-modes/mode/commonlisp").then((mode) => mode.commonLisp)),
  lua: () => stream(import("@codemirror/legacy-modes/mode/lua").then((mode) => mode.lua)),
  ocaml: () => stream(import("@codemirror/legacy-modes/mode/mllike").then((mode) => mode.oCaml)),
  octave: () => stream(import("@codemirror/legacy-modes/mode/octave").then((mode) => mode.octave)),
  pascal: () => stream(import("@codemirror/legacy-modes/mode/pascal").then((mode) => mode.pascal)),
  perl: () => stream(import("@codemirror/legacy-modes/mode/perl").then((mode) => mode.perl)),
  r: () => stream(import("@codemirror/legacy-modes/mode/r").then((mode) => mode.r)),
  racket: () => stream(import("@codemirror/legacy-modes/mode/scheme").then((mode) => mode.scheme)),
  ruby: () => stream(import("@codemirror/legacy-modes/mode/ruby").then((mode) => mode.ruby)),
  scala: () => stream(clike().then((mode) => mode.scala)),
  scheme: () => stream(import("@codemirror/legacy-modes/mode/scheme").then((mode) => mode.scheme)),
  tcl: () => stream(import("@codemirror/legacy-modes/mode/tcl").then((mode) => mode.tcl)),
};

/// What an editor needs to colour a language; nothing where we have nothing, or it could not be loaded.
export async function colours(language: string): Promise<Extension> {
  try {
    return (await LOADERS[language]?.()) ?? [];
  } catch {
    return []; // Colours are no reason not to edit.
  }
}
