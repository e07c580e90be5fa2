/// The educational platform, with a class that has been at work.

import type { Page } from "playwright-core";
import { handIn, type Platform, signIn } from "../tests/support/platform.ts";
import type { Shot } from "./all.ts";

const CODE = {
  right: 'return str(sum(letter in "aeiou" for letter in input_str.lower()))',
  wrong: 'count = 0\nfor letter in input_str:\n    if letter in "aeiou":\n        count += 1\nreturn str(count)',
  broken: "count = 0\nfor letter in input_str\n    count += 1\nreturn str(count)",
};

/// What the pictures show was handed in once.
let handedIn: Promise<void> | undefined;

async function as(page: Page, platform: Platform, account: string): Promise<void> {
  handedIn ??= (async () => {
    for (const [somebody, code] of [["ada", CODE.wrong], ["ada", CODE.right], ["ben", CODE.wrong], ["cleo", CODE.broken]] as const) {
      await signIn(page, platform, somebody);
      await handIn(page, platform, "vowels", code);
      await page.getByRole("button", { name: "Sign out" }).click();
    }
  })();
  await handedIn;
  await signIn(page, platform, account);
}

function shot(name: string, account: string | null, go?: (page: Page, platform: Platform) => Promise<void>): Shot {
  return {
    name: `platform-${name}`,
    path: "/sign-in",
    platform: true,
    prepare: async (page, site) => {
      const platform = site.server as Platform;
      if (account) await as(page, platform, account);
      await go?.(page, platform);
    },
  };
}

const at = (path: string, editor = false) => async (page: Page, platform: Platform) => {
  await page.goto(platform.address + path);
  if (editor) await page.locator(".editor").waitFor();
};

/// The latest attempt of whoever is signed in.
const latest = async (page: Page, platform: Platform) => {
  await page.goto(`${platform.address}/exercises/vowels`);
  await page.locator("td a").first().click();
  await page.getByRole("heading", { name: /^Tests: / }).waitFor();
};

export const platform: Shot[] = [
  shot("sign-in", null),
  shot("exercises", "ada"),
  shot("exercise", "ada", at("/exercises/vowels?language=python", true)),
  shot("feedback", "ben", latest),
  shot("compile-error", "cleo", latest),
  shot("password", "ada", at("/password")),
  shot("teacher", "teacher"),
  shot("class", "teacher", at("/classes/1")),
  shot("groups", "teacher", at("/classes/1/exercises/vowels")),
  shot("student", "teacher", at("/students/2")),
];
