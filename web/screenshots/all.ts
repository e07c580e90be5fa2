/// Every picture of docs/images, by its name.

import type { Page } from "playwright-core";
import type { Site } from "../tests/support/browser.ts";
import { dashboard } from "./dashboard.ts";
import { platform } from "./platform.ts";
import { playground } from "./playground.ts";

export interface Shot {
  /// The picture is `NAME-light.png`, `NAME-dark.png`, `NAME-phone.png`.
  name: string;
  /// The page it begins on.
  path: string;
  /// It is a page of the educational platform, not of Code Runner.
  platform?: boolean;
  /// Brings the page into the state that is to be seen.
  prepare?: (page: Page, site: Site) => Promise<void>;
}

export const ALL: Shot[] = [...playground, ...dashboard, ...platform];
